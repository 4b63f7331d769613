#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rind/datasets/check.h"

namespace rind::datasets {

/// What one case alone shows.
struct CaseCheck {
  std::optional<CaseFacts> facts;  // none where the image could not be read
  std::vector<Problem> problems;
  /// Equal for images of equal voxels; 0 where it was not taken.
  std::uint64_t content = 0;
};

/// Reads a case and looks at it. Never throws for bad data.
CaseCheck checkCase(const DataSet& data, const CaseFiles& files, const core::ContourSettings& contour);

}  // namespace rind::datasets
