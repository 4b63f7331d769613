#pragma once

#include "rind/contour/adaptive_thickness.h"
#include "rind/core/prepared_case.h"
#include "rind/core/run_config.h"
#include "rind/inference/sliding_window.h"
#include "rind/losses/losses.h"
#include "rind/messages/probe_reply.h"

namespace rind::worker {

/// The part of a case that one forward pass covers.
struct Region {
  core::Index3 start;
  core::Extent3 size;
  bool operator==(const Region&) const = default;
};

/// As large as the window where the volume is, around `centre` (in steps of a quarter window, so that a small
/// move of the crosshair stays in the same place).
Region regionAround(const core::Index3& centre, const core::Extent3& volume, const core::Extent3& window);

/// Logits f32 [1, classes, D, H, W] of the region: one pass of a whole window, with zeros (the mean) where it
/// reaches over the volume's edge.
at::Tensor logitsOf(const inference::Forward& forward, const core::PreparedCase& prepared,
                    const Region& region, const core::Extent3& window);

/// Labels, band (of the whole case, cut) and, for DWCE, weights of the region. `depths`: of the whole case
/// under the settings' border.
losses::Target targetOf(const core::PreparedCase& prepared, const contour::DepthHistogram& depths,
                        const Region& region, const core::RunConfig& config);

/// All eight losses at the configuration's settings, in the order of the table.
struct ProbedLosses {
  std::vector<messages::ProbedLoss> losses;
  /// The heat map of `heat_loss` as messages::ProbeReply has it, not yet compressed.
  std::vector<std::uint8_t> heat;
  double largest = 0;
};
ProbedLosses probeLosses(const at::Tensor& logits, const losses::Target& target,
                         const core::RunConfig& config, core::LossKind heat_loss);

}  // namespace rind::worker
