#include "rind/models/setting_domain.h"

#include <stdexcept>

#include "rind/models/advanced_domains.h"

namespace rind::models {
namespace {

using Kind = SettingDomain::Kind;

std::vector<SettingDomain> contourDomains() {
  return {
      {"iterations", Kind::integer, "Iterations n",
       "How often the mask is eroded to make the contour band (Eq. 1).<br>The band is n·(s−1)/2 voxels "
       "thick; the "
       "paper uses n = 6, s = 3.",
       1, 20, 1},
      {"kernel", Kind::integer, "Kernel s",
       "Edge of the eroding cube in voxels; odd (Eq. 1).<br>s = 3 takes one voxel an iteration, s = 5 two.",
       1, 11, 2},
      {"lambda", Kind::real, "λ contour share",
       "Weight of the contour part in the separable Dice loss (SDL and CWCD, λ·contour + (1−λ)·rest).<br>0.5 "
       "in the "
       "paper. An organ that is all band has nothing inside: its 1−λ part is dead weight.",
       0, 1, 0.01, 2},
      {"alpha", Kind::real, "α extra weight",
       "Contour voxels count 1+α times in the cross entropy (Eq. 10); 2 in the paper.", 0, 10, 0.1, 1},
      {"border",
       Kind::choice,
       "Border",
       "What lies outside the volume. <b>zero</b>: something else, so an organ cut by the field of view has "
       "a rind "
       "there. <b>replicate</b>: more of the same, so it has none.",
       0,
       0,
       1,
       0,
       {{"zero", "zero"}, {"replicate", "replicate"}}},
      {"include-background", Kind::toggle, "Background's band counts",
       "The band on the outer side of the border weighs in the cross entropy too.<br>Off, as in the paper's "
       "text, the "
       "weight pulls predictions outwards, most where an organ is thin; on, as in the authors' code, it is "
       "balanced."},
      {"preset",
       Kind::choice,
       "CWCD as in",
       "<b>paper</b>: SDL with λ + CWCE with α (Eq. 11). <b>authors</b>: as their published code has it: "
       "pooled Dice "
       "without λ, cross entropy counted twice.",
       0,
       0,
       1,
       0,
       {{"paper", "the paper"}, {"authors", "the authors' code"}}},
  };
}

std::vector<SettingDomain> trainingDomains() {
  return {
      {"loss",
       Kind::choice,
       "Loss",
       "What the training minimises. CWCD is the contour-weighted loss of the paper (Eq. 11); the others are "
       "its parts "
       "and its rivals.",
       0,
       0,
       1,
       0,
       {{"cwcd", "CWCD · contour-weighted CE + Dice"},
        {"cedl", "CEDL · cross entropy + Dice"},
        {"ce", "CE · cross entropy"},
        {"cwce", "CWCE · contour-weighted CE"},
        {"dl", "DL · Dice"},
        {"sdl", "SDL · separable Dice"},
        {"gdl", "GDL · generalised Dice"},
        {"dwce", "DWCE · distance-weighted CE"}}},
      {"network",
       Kind::choice,
       "Network",
       "All return one score a class and voxel at the input's resolution. The paper's U-Net starts with 16 "
       "channels.",
       0,
       0,
       1,
       0,
       {{"unet", "U-Net"}, {"vnet", "V-Net"}, {"deeplabv3", "DeepLabV3"}, {"unetr", "UNETR"}}},
      {"base-channels", Kind::integer, "Channels",
       "Channels of the first level; doubled at every halving of the resolution. Fewer is faster.", 4, 64, 4},
      {"epochs", Kind::integer, "Epochs",
       "Passes over the training cases. Can be raised while training runs.", 1, 10000, 1},
      {"batch", Kind::integer, "Batch", "Patches a step. Larger is steadier and needs more memory.", 1, 64,
       1},
      {"lr", Kind::real, "Learning rate",
       "Step size of the optimiser; the paper starts at 0.0003 and halves it twice.", 0.000001, 1, 0.0001, 6},
      {"schedule",
       Kind::choice,
       "Schedule",
       "<b>paper</b>: halved at 40 % and 80 % of the epochs. <b>cosine</b>: falls smoothly to zero. "
       "<b>polynomial</b>: falls almost evenly to zero (power 0.9). <b>constant</b>: stays.",
       0,
       0,
       1,
       0,
       {{"paper", "paper (halved twice)"},
        {"cosine", "cosine"},
        {"polynomial", "polynomial"},
        {"constant", "constant"}}},
      {"seed", Kind::integer, "Seed",
       "Fixes every random choice: split, shuffling, patches, augmentation, weights. The same seed makes the "
       "same run.",
       0, 1000000000, 1},
      {"patch", Kind::text, "Patch D×H×W",
       "Size of the training patch in voxels, as 64x128x128. Empty: chosen from the data."},
      {"device",
       Kind::choice,
       "Device",
       "Where the network is trained; auto takes a GPU where there is one.",
       0,
       0,
       1,
       0,
       {{"auto", "auto"}, {"cpu", "CPU"}, {"cuda", "GPU (CUDA)"}}},
      {"precision",
       Kind::choice,
       "Precision",
       "bf16 halves memory and time where the hardware has it.",
       0,
       0,
       1,
       0,
       {{"auto", "auto"}, {"fp32", "fp32"}, {"bf16", "bf16"}}},
      {"w0", Kind::real, "DWCE w₀", "DWCE: weight between two near borders (1 + w₀·exp(…)).", 0, 100, 0.5, 1},
      {"sigma", Kind::real, "DWCE σ", "DWCE: reach of that weight in voxels.", 0.1, 50, 0.5, 1},
  };
}

const std::vector<SettingDomain>& allDomains() {
  static const std::vector<SettingDomain> all = [] {
    auto table = contourDomains();
    for (auto& entry : trainingDomains()) table.push_back(std::move(entry));
    for (auto& entry : advancedDomains()) table.push_back(std::move(entry));
    return table;
  }();
  return all;
}

}  // namespace

const SettingDomain& domainOf(const std::string& key) {
  for (const auto& domain : allDomains())
    if (domain.key == key) return domain;
  throw std::out_of_range(key);
}

std::string labelOf(const std::string& key) {
  for (const auto& domain : allDomains())
    if (domain.key == key) return domain.label;
  return key == "adaptive" ? "Adaptive" : key;
}

}  // namespace rind::models
