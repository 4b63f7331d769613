#pragma once

#include <array>
#include <map>
#include <vector>

#include "rind/contour/adaptive_thickness.h"
#include "rind/core/run_config.h"
#include "rind/losses/losses.h"
#include "rind/sampling/patch_loader.h"

namespace rind::training {

/// Turns a batch into what the loss compares with, at the contour settings of this very step. Adaptive
/// thickness comes from the whole case's depths, counted once a case.
class TargetMaker {
 public:
  TargetMaker(const core::CaseSource& cases, int classes) : cases_(cases), classes_(classes) {}

  losses::Target make(const sampling::Batch& batch, const core::RunConfig& config);

 private:
  const std::vector<int>& thickness(std::size_t case_index, const core::ContourSettings& settings);

  const core::CaseSource& cases_;
  int classes_;
  /// By case, for the zero and the replicate border.
  std::array<std::map<std::size_t, contour::DepthHistogram>, 2> histograms_;
  std::vector<int> current_;
};

}  // namespace rind::training
