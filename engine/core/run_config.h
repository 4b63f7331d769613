#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "rind/core/contour_settings.h"
#include "rind/core/geometry.h"
#include "rind/core/loss_settings.h"

namespace rind::core {

/// All that a person chooses for a run. Stored in run.json; the command line, the worker and run.json read it
/// with the same table of settings (settings.h).
struct RunConfig {
  std::string data;  // a folder, or phantom:amos
  std::string network = "unet";
  int base_channels = 16;
  LossSettings loss;
  ContourSettings contour;
  int epochs = 50;
  /// Optimiser steps after which to stop, whatever `epochs` says; 0 trains for `epochs`.
  std::int64_t steps = 0;
  int batch = 2;
  /// Training patch; none takes the median case, up to 64x128x128, rounded down to what the network allows.
  std::optional<Extent3> patch;
  std::optional<Spacing> spacing;
  /// What preprocessing and patch are where nothing else is said: "auto" suits the data, "amos" and "brats"
  /// are the paper's.
  std::string protocol = "auto";
  /// As core/preprocessing.h writes them; empty takes the protocol's.
  std::string interpolation;
  std::string crop;
  double learning_rate = 3e-4;
  double weight_decay = 0;
  /// "adam" (L2 penalty), "adamw" (decoupled decay) or "sgd" (Nesterov's momentum).
  std::string optimiser = "adam";
  double momentum = 0.99;  // of sgd
  /// Batches whose gradients make one optimiser step.
  int accumulate = 1;
  /// "paper": halved at epochs 20 and 40 of 50 (at the same shares of other lengths); "cosine";
  /// "polynomial"; "constant".
  std::string schedule = "paper";
  /// Share of the training over which the rate rises from 0; where it is not given, 0.02 for cosine, else 0.
  std::optional<double> warm_up;
  /// Longest gradient (its Euclidean norm); a longer one is scaled down to it. 0: as it is.
  double clip = 0;
  /// Whether coarser levels of the network are trained too (networks::NetworkSettings::deep_supervision).
  bool deep_supervision = false;
  /// Decay of the running average of weights that is validated and kept as best. 0: the weights themselves.
  double average = 0;
  /// Epochs without a better mean DSC after which training ends. 0: never.
  int patience = 0;
  double checkpoint_seconds = 60;
  /// Leave out a case that cannot be read, with a warning, instead of ending.
  bool skip_broken = false;
  /// "stop", or "continue": with gradients accumulated over smaller batches, then with a smaller patch.
  std::string out_of_memory = "stop";
  bool tensorboard = false;  // event files in RUN/tensorboard
  /// Augmentation probabilities: rotation by 0–15°, a flip of each in-plane axis (Protocol: 0.2).
  double rotate = 0.2;
  double flip = 0.2;
  /// Not of the protocol: a zoom by 0.8 to 1.25 in the plane; contrast, brightness, gamma and noise each.
  double scale = 0;
  double intensity = 0;
  /// Share of patches around a random foreground voxel, in cases larger than the patch.
  double foreground = 0.5;
  std::uint64_t seed = 1;
  std::string split;  // a file, or empty for the layout's own or a seeded one
  /// Share of cases kept for validation where no split is given.
  double validation = 0.2;
  std::string device = "auto";
  std::string precision = "auto";
  int threads = 0;  // 0: all processors

  bool operator==(const RunConfig&) const = default;
};

void to_json(nlohmann::json& json, const RunConfig& config);
/// Unknown keys are ignored; known ones are checked. Throws InputError naming the key.
void from_json(const nlohmann::json& json, RunConfig& config);

/// Throws InputError for the first setting that is out of range.
void validate(const RunConfig& config);

}  // namespace rind::core
