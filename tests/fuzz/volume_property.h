#pragma once

#include "fuzzed.h"
#include "rind/datasets/volume_io.h"

namespace rind::fuzz {

/// A volume that can be read can be written, and is then the same.
inline void volumeComesBack(const File& file, const std::string& extension) {
  readOrRefuse(file, [&] {
    const datasets::Image image = datasets::readImage(file.path());
    const auto voxels = static_cast<std::size_t>(image.geometry.size.voxels());
    require(image.voxels.size() == voxels * static_cast<std::size_t>(image.channels),
            "voxels of all channels");
    const auto copy = file.folder() / ("copy" + extension);
    datasets::writeFloats(copy, image.geometry, image.channels, image.voxels.data());
    const datasets::Image back = datasets::readImage(copy);
    require(back.geometry.size == image.geometry.size, "the same size");
    require(back.channels == image.channels, "the same channels");
  });
  readOrRefuse(file, [&] { datasets::readLabels(file.path()); });
}

}  // namespace rind::fuzz
