#include "rind/models/setting_domain.h"

#include <QCoreApplication>
#include <stdexcept>

#include "rind/models/advanced_domains.h"

namespace rind::models {
namespace {

using Kind = SettingDomain::Kind;

std::vector<SettingDomain> contourDomains() {
  return {
      {"iterations", Kind::integer, QT_TRANSLATE_NOOP("Setting", "Iterations n"),
       QT_TRANSLATE_NOOP(
           "Setting",
           "How often the mask is eroded to make the contour band (Eq. 1).<br>The band is "
           "n·(s−1)/2 voxels thick; the paper uses n = 6, s = 3. Where that leaves no interior, "
           "begin with n = 1 and the background's band: on the small hippocampus it did best."),
       1, 20, 1},
      {"kernel", Kind::integer, QT_TRANSLATE_NOOP("Setting", "Kernel s"),
       QT_TRANSLATE_NOOP("Setting",
                         "Edge of the eroding cube in voxels; odd (Eq. 1).<br>s = 3 takes one voxel an "
                         "iteration, s = 5 two."),
       1, 11, 2},
      {"lambda", Kind::real, QT_TRANSLATE_NOOP("Setting", "λ contour share"),
       QT_TRANSLATE_NOOP("Setting",
                         "Weight of the contour part in the separable Dice loss (SDL and CWCD, λ·contour + "
                         "(1−λ)·rest).<br>0.5 in the paper. An organ that is all band has nothing inside: "
                         "its 1−λ part is dead weight."),
       0, 1, 0.01, 2},
      {"alpha", Kind::real, QT_TRANSLATE_NOOP("Setting", "α extra weight"),
       QT_TRANSLATE_NOOP("Setting",
                         "Contour voxels count 1+α times in the cross entropy (Eq. 10); 2 in the paper."),
       0, 10, 0.1, 1},
      {"border",
       Kind::choice,
       QT_TRANSLATE_NOOP("Setting", "Border"),
       QT_TRANSLATE_NOOP(
           "Setting",
           "What lies outside the volume. <b>zero</b>: something else, so an organ cut by the field of view "
           "has a rind there. <b>replicate</b>: more of the same, so it has none."),
       0,
       0,
       1,
       0,
       {{"zero", QT_TRANSLATE_NOOP("Setting", "zero")},
        {"replicate", QT_TRANSLATE_NOOP("Setting", "replicate")}}},
      {"include-background", Kind::toggle, QT_TRANSLATE_NOOP("Setting", "Background's band counts"),
       QT_TRANSLATE_NOOP("Setting",
                         "The band on the outer side of the border weighs in the cross entropy too.<br>Off, "
                         "as in the paper's text, the weight pulls predictions outwards, most where an organ "
                         "is thin; on, as in the authors' code, it is balanced.")},
      {"preset",
       Kind::choice,
       QT_TRANSLATE_NOOP("Setting", "CWCD as in"),
       QT_TRANSLATE_NOOP("Setting",
                         "<b>paper</b>: SDL with λ + CWCE with α (Eq. 11). <b>authors</b>: as their "
                         "published code has it: pooled Dice without λ, cross entropy counted twice."),
       0,
       0,
       1,
       0,
       {{"paper", QT_TRANSLATE_NOOP("Setting", "the paper")},
        {"authors", QT_TRANSLATE_NOOP("Setting", "the authors' code")}}},
  };
}

std::vector<SettingDomain> trainingDomains() {
  return {
      {"loss",
       Kind::choice,
       QT_TRANSLATE_NOOP("Setting", "Loss"),
       QT_TRANSLATE_NOOP("Setting",
                         "What the training minimises. CWCD is the contour-weighted loss of the paper (Eq. "
                         "11); the others are its parts and its rivals."),
       0,
       0,
       1,
       0,
       {{"cwcd", QT_TRANSLATE_NOOP("Setting", "CWCD · contour-weighted CE + Dice")},
        {"cedl", QT_TRANSLATE_NOOP("Setting", "CEDL · cross entropy + Dice")},
        {"ce", QT_TRANSLATE_NOOP("Setting", "CE · cross entropy")},
        {"cwce", QT_TRANSLATE_NOOP("Setting", "CWCE · contour-weighted CE")},
        {"dl", QT_TRANSLATE_NOOP("Setting", "DL · Dice")},
        {"sdl", QT_TRANSLATE_NOOP("Setting", "SDL · separable Dice")},
        {"gdl", QT_TRANSLATE_NOOP("Setting", "GDL · generalised Dice")},
        {"dwce", QT_TRANSLATE_NOOP("Setting", "DWCE · distance-weighted CE")}}},
      {"network",
       Kind::choice,
       QT_TRANSLATE_NOOP("Setting", "Network"),
       QT_TRANSLATE_NOOP("Setting",
                         "All return one score a class and voxel at the input's resolution. The paper's "
                         "U-Net starts with 16 channels."),
       0,
       0,
       1,
       0,
       {{"unet", QT_TRANSLATE_NOOP("Setting", "U-Net")},
        {"vnet", QT_TRANSLATE_NOOP("Setting", "V-Net")},
        {"deeplabv3", QT_TRANSLATE_NOOP("Setting", "DeepLabV3")},
        {"unetr", QT_TRANSLATE_NOOP("Setting", "UNETR")}}},
      {"base-channels", Kind::integer, QT_TRANSLATE_NOOP("Setting", "Channels"),
       QT_TRANSLATE_NOOP(
           "Setting",
           "Channels of the first level; doubled at every halving of the resolution. Fewer is faster."),
       4, 64, 4},
      {"epochs", Kind::integer, QT_TRANSLATE_NOOP("Setting", "Epochs"),
       QT_TRANSLATE_NOOP("Setting", "Passes over the training cases. Can be raised while training runs."), 1,
       10000, 1},
      {"batch", Kind::integer, QT_TRANSLATE_NOOP("Setting", "Batch"),
       QT_TRANSLATE_NOOP("Setting", "Patches a step. Larger is steadier and needs more memory."), 1, 64, 1},
      {"lr", Kind::real, QT_TRANSLATE_NOOP("Setting", "Learning rate"),
       QT_TRANSLATE_NOOP("Setting",
                         "Step size of the optimiser; the paper starts at 0.0003 and halves it twice."),
       0.000001, 1, 0.0001, 6},
      {"schedule",
       Kind::choice,
       QT_TRANSLATE_NOOP("Setting", "Schedule"),
       QT_TRANSLATE_NOOP(
           "Setting",
           "<b>paper</b>: halved at 40 % and 80 % of the epochs. <b>cosine</b>: falls smoothly to zero. "
           "<b>polynomial</b>: falls almost evenly to zero (power 0.9). <b>constant</b>: stays."),
       0,
       0,
       1,
       0,
       {{"paper", QT_TRANSLATE_NOOP("Setting", "paper (halved twice)")},
        {"cosine", QT_TRANSLATE_NOOP("Setting", "cosine")},
        {"polynomial", QT_TRANSLATE_NOOP("Setting", "polynomial")},
        {"constant", QT_TRANSLATE_NOOP("Setting", "constant")}}},
      {"seed", Kind::integer, QT_TRANSLATE_NOOP("Setting", "Seed"),
       QT_TRANSLATE_NOOP("Setting",
                         "Fixes every random choice: split, shuffling, patches, augmentation, weights. The "
                         "same seed makes the same run."),
       0, 1000000000, 1},
      {"patch", Kind::text, QT_TRANSLATE_NOOP("Setting", "Patch D×H×W"),
       QT_TRANSLATE_NOOP(
           "Setting", "Size of the training patch in voxels, as 64x128x128. Empty: chosen from the data.")},
      {"device",
       Kind::choice,
       QT_TRANSLATE_NOOP("Setting", "Device"),
       QT_TRANSLATE_NOOP("Setting", "Where the network is trained; auto takes a GPU where there is one."),
       0,
       0,
       1,
       0,
       {{"auto", QT_TRANSLATE_NOOP("Setting", "auto")},
        {"cpu", QT_TRANSLATE_NOOP("Setting", "CPU")},
        {"cuda", QT_TRANSLATE_NOOP("Setting", "GPU (CUDA)")}}},
      {"precision",
       Kind::choice,
       QT_TRANSLATE_NOOP("Setting", "Precision"),
       QT_TRANSLATE_NOOP("Setting", "bf16 halves memory and time where the hardware has it."),
       0,
       0,
       1,
       0,
       {{"auto", QT_TRANSLATE_NOOP("Setting", "auto")},
        {"fp32", QT_TRANSLATE_NOOP("Setting", "fp32")},
        {"bf16", QT_TRANSLATE_NOOP("Setting", "bf16")}}},
      {"w0", Kind::real, QT_TRANSLATE_NOOP("Setting", "DWCE w₀"),
       QT_TRANSLATE_NOOP("Setting", "DWCE: weight between two near borders (1 + w₀·exp(…))."), 0, 100, 0.5,
       1},
      {"sigma", Kind::real, QT_TRANSLATE_NOOP("Setting", "DWCE σ"),
       QT_TRANSLATE_NOOP("Setting", "DWCE: reach of that weight in voxels."), 0.1, 50, 0.5, 1},
  };
}

}  // namespace

const std::vector<SettingDomain>& settingDomains() {
  static const std::vector<SettingDomain> all = [] {
    auto table = contourDomains();
    for (auto& entry : trainingDomains()) table.push_back(std::move(entry));
    for (auto& entry : advancedDomains()) table.push_back(std::move(entry));
    return table;
  }();
  return all;
}

QString settingText(const std::string& text) {
  return text.empty() ? QString() : QCoreApplication::translate("Setting", text.c_str());
}

const SettingDomain& domainOf(const std::string& key) {
  for (const auto& domain : settingDomains())
    if (domain.key == key) return domain;
  throw std::out_of_range(key);
}

QString labelOf(const std::string& key) {
  for (const auto& domain : settingDomains())
    if (domain.key == key) return settingText(domain.label);
  return key == "adaptive" ? settingText(QT_TRANSLATE_NOOP("Setting", "Adaptive"))
                           : QString::fromStdString(key);
}

}  // namespace rind::models
