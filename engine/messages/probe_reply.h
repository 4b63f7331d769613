#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "rind/core/geometry.h"

namespace rind::messages {

/// How one class contributes to a loss, and how much of the gradient lies on its voxels.
struct ProbedClass {
  double contour = 0;
  double interior = 0;
  /// Σ |dL/dlogits| over the class's voxels in its band and inside it.
  double gradient_contour = 0;
  double gradient_interior = 0;
};

/// What one of the eight losses says.
struct ProbedLoss {
  std::string loss;  // as --loss has it
  double value = 0;
  std::vector<std::pair<std::string, double>> terms;
  std::vector<ProbedClass> classes;  // [0] is background
};

/// The answer to a Probe. Its message's payload is the heat map: gzip-compressed bytes, one a voxel of the
/// region ([z, y, x]), round(255·sqrt(g/largest)) of the gradient's size g = Σ_c |dL/dz_c|.
struct ProbeReply {
  /// "training", "best" (a run's), "last" (a run's that has no best yet) or "untrained".
  std::string weights;
  std::int64_t step = 0;  // of the training; 0 for others
  int epoch = 0;
  /// What was looked at.
  core::Index3 start;
  core::Extent3 size;
  std::vector<ProbedLoss> losses;
  std::string heat_loss;
  double largest = 0;
  double seconds = 0;  // what the worker took
};

nlohmann::json toJson(const ProbeReply& reply);
/// Throws core::InputError where something is missing (an older worker).
ProbeReply parseProbeReply(const nlohmann::json& body);

}  // namespace rind::messages
