#pragma once

#include <string>

namespace rind::datasets {

/// What openDataSet takes, as it is found from any working directory.
std::string absoluteSource(const std::string& folder_or_phantom);

}  // namespace rind::datasets
