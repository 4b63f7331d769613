#include "rind/core/preprocessing.h"
#include "rind/core/setting_rows.h"

namespace rind::core {

using nlohmann::json;

std::vector<Setting> trainingSettings() {
  return {
      textSetting("data", "folder of the data set, or phantom:amos", &RunConfig::data),
      textSetting("network", "unet, vnet, deeplabv3 or unetr", &RunConfig::network),
      numberSetting("base-channels", "channels of the first level", false, whole, &RunConfig::base_channels),
      numberSetting("epochs", "passes over the training cases", true, whole, &RunConfig::epochs),
      numberSetting("steps", "stop after this many optimiser steps (0: by epochs)", false, whole,
                    &RunConfig::steps),
      numberSetting("batch", "patches a step", false, whole, &RunConfig::batch),
      {"patch", "training patch DxHxW (default: the median case, up to 64x128x128)", false,
       [](RunConfig& c, const json& v) {
         c.patch = v.is_null() ? std::nullopt : std::optional(parseExtent(textOf(v), "--patch"));
       },
       [](const RunConfig& c) -> json { return c.patch ? json(toString(*c.patch)) : json(nullptr); }},
      {"spacing", "resample to ZxYxX millimetres (default: the images' own)", false,
       [](RunConfig& c, const json& v) {
         c.spacing = v.is_null() ? std::nullopt : std::optional(parseSpacing(textOf(v), "--spacing"));
       },
       [](const RunConfig& c) -> json { return c.spacing ? json(toString(*c.spacing)) : json(nullptr); }},
      textSetting("protocol", "preprocessing and patch: auto (suits the data), amos or brats (the paper's)",
                  &RunConfig::protocol),
      {"interpolation", "of images: linear or bspline (default: the protocol's)", false,
       [](RunConfig& c, const json& v) {
         c.interpolation = v.is_null() ? "" : toString(parseInterpolation(textOf(v)));
       },
       [](const RunConfig& c) -> json {
         return c.interpolation.empty() ? json(nullptr) : json(c.interpolation);
       }},
      {"crop", "none, nonzero, DxHxW (d: all), or nonzero,DxHxW (default: the protocol's)", false,
       [](RunConfig& c, const json& v) { c.crop = v.is_null() ? "" : toString(parseCrop(textOf(v))); },
       [](const RunConfig& c) -> json { return c.crop.empty() ? json(nullptr) : json(c.crop); }},
      numberSetting("accumulate", "batches whose gradients make one optimiser step", false, whole,
                    &RunConfig::accumulate),
      numberSetting("lr", "learning rate", true, whole, &RunConfig::learning_rate),
      textSetting("optimiser", "adam, adamw or sgd (Nesterov's momentum)", &RunConfig::optimiser),
      numberSetting("momentum", "momentum of sgd", false, whole, &RunConfig::momentum),
      numberSetting("weight-decay", "penalty on large weights (authors' code: 5e-4)", true, whole,
                    &RunConfig::weight_decay),
      textSetting("schedule",
                  "learning rate: paper (halved at 40 % and 80 %), cosine, polynomial or constant",
                  &RunConfig::schedule),
      optionalNumberSetting("warm-up",
                            "share of the training over which the rate rises (default: 0.02 for cosine)",
                            &RunConfig::warm_up),
      numberSetting("clip", "longest gradient; a longer one is scaled down (0: off)", true, whole,
                    &RunConfig::clip),
      switchSetting("deep-supervision",
                    "train the network's levels of 1/2 and 1/4 resolution too (unet, vnet)", false,
                    &RunConfig::deep_supervision),
      numberSetting("average", "decay of a running average of the weights, such as 0.999 (0: off)", false,
                    whole, &RunConfig::average),
      numberSetting("patience", "epochs without a better mean DSC before it ends (0: never)", true, whole,
                    &RunConfig::patience),
      numberSetting("rotate", "probability of a rotation by up to 15 degrees", true, whole,
                    &RunConfig::rotate),
      numberSetting("flip", "probability of a flip of each in-plane axis", true, whole, &RunConfig::flip),
      numberSetting("scale", "probability of a zoom in the plane by 0.8 to 1.25", true, whole,
                    &RunConfig::scale),
      numberSetting("intensity", "probability of a change of contrast, brightness, gamma and noise each",
                    true, whole, &RunConfig::intensity),
      numberSetting("foreground", "share of patches around a random foreground voxel", true, whole,
                    &RunConfig::foreground),
      numberSetting("seed", "seed of every random choice", false, whole, &RunConfig::seed),
      textSetting("split",
                  "file with the cases to train and to validate with (FILE:fold), or fold/folds as in 0/5",
                  &RunConfig::split),
      numberSetting("validation", "share of the cases kept for validation", false, whole,
                    &RunConfig::validation),
      textSetting("device", "auto, cpu or cuda[:I]", &RunConfig::device),
      textSetting("precision", "auto, fp32 or bf16", &RunConfig::precision),
      numberSetting("threads", "processor threads (0: all)", false, whole, &RunConfig::threads),
      numberSetting("checkpoint-seconds", "time between checkpoints within an epoch", true, whole,
                    &RunConfig::checkpoint_seconds),
      switchSetting("skip-broken", "leave out cases that cannot be read, with a warning", true,
                    &RunConfig::skip_broken),
      textSetting("out-of-memory", "stop, or continue with smaller batches, then a smaller patch",
                  &RunConfig::out_of_memory),
      switchSetting("tensorboard", "write event files for TensorBoard into RUN/tensorboard", false,
                    &RunConfig::tensorboard),
  };
}

}  // namespace rind::core
