#include "rind/datasets/volume_io.h"

#include <cstring>

#include "rind/datasets/slicer_segmentation.h"
#include "rind/datasets/volume_reading.h"
#include "rind/datasets/volume_writing.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

template <class T>
RawVolume rawOf(const core::Geometry& geometry, int channels, VoxelType type, const T* voxels) {
  RawVolume raw{geometry, channels, false, type};
  raw.bytes.resize(static_cast<std::size_t>(geometry.size.voxels()) * static_cast<std::size_t>(channels) *
                   sizeof(T));
  std::memcpy(raw.bytes.data(), voxels, raw.bytes.size());
  return raw;
}

}  // namespace

Image readImage(const fs::path& path, std::optional<core::Spacing> npy_spacing) {
  return toImage(readVolume(path, npy_spacing));
}

LabelFile readLabels(const fs::path& path, std::optional<core::Spacing> npy_spacing) {
  return toLabels(readVolume(path, npy_spacing), path.string());
}

void writeLabels(const fs::path& path, const core::Geometry& geometry, core::LabelView labels) {
  writeVolume(path, rawOf(geometry, 1, VoxelType::u8, labels.data));
}

void writeSegmentation(const fs::path& path, const core::Geometry& geometry, core::LabelView values,
                       const core::LabelSet& labels) {
  if (volumeExtension(path) == ".seg.nrrd") return writeSlicerSegmentation(path, geometry, values, labels);
  writeLabels(path, geometry, values);
}

void writeDepth(const fs::path& path, const core::Geometry& geometry, core::VolumeView<std::int16_t> depth) {
  writeVolume(path, rawOf(geometry, 1, VoxelType::i16, depth.data));
}

void writeFloats(const fs::path& path, const core::Geometry& geometry, int channels, const float* voxels) {
  writeVolume(path, rawOf(geometry, channels, VoxelType::f32, voxels));
}

bool isVolumeFile(const fs::path& path) {
  return !volumeExtension(path).empty();
}

std::string volumeStem(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.substr(0, name.size() - volumeExtension(path).size());
}

}  // namespace rind::datasets
