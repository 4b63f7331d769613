#include "rind/datasets/absolute_source.h"

#include <filesystem>

namespace rind::datasets {

std::string absoluteSource(const std::string& folder_or_phantom) {
  if (folder_or_phantom.empty() || folder_or_phantom.starts_with("phantom:")) return folder_or_phantom;
  return std::filesystem::absolute(folder_or_phantom).lexically_normal().string();
}

}  // namespace rind::datasets
