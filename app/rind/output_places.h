#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace rind::app {

/// The option that names it and the file or folder that would be written.
using OutputPlace = std::pair<std::string, std::filesystem::path>;

/// Before anything is written: no output is an input or holds one, and none is written twice. The files of
/// voxels that headers (.nhdr, .mhd) name count too. Links are followed; empty paths are left out. Throws
/// InputError naming the option.
void requireOwnPlaces(const std::vector<std::filesystem::path>& inputs,
                      const std::vector<OutputPlace>& outputs);

}  // namespace rind::app
