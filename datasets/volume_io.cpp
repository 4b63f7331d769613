#include "rind/datasets/volume_io.h"

#include <algorithm>
#include <cstring>

#include "rind/core/error.h"
#include "rind/datasets/readable.h"
#include "rind/datasets/slicer_segmentation.h"
#include "rind/datasets/text_header_formats.h"
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

template <class Value>
void writeValues(const fs::path& path, const core::Geometry& geometry, core::VolumeView<Value> values,
                 const core::LabelSet& labels) {
  if (volumeExtension(path) == ".seg.nrrd") return writeSlicerSegmentation(path, geometry, values, labels);
  writeLabels(path, geometry, values);
}

/// Class indices become the numbers that the files have for them.
template <class Value>
void writeClassesAs(const fs::path& path, const core::Geometry& geometry, core::LabelView classes,
                    const core::LabelSet& labels) {
  core::Volume<Value> values(classes.size);
  std::transform(classes.data, classes.data + classes.count(), values.voxels.begin(),
                 [&](std::uint8_t index) { return static_cast<Value>(labels.at(index).value); });
  writeValues<Value>(path, geometry, values, labels);
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

void writeLabels(const fs::path& path, const core::Geometry& geometry,
                 core::VolumeView<std::uint16_t> labels) {
  const auto* const end = labels.data + labels.count();
  if (std::any_of(labels.data, end, [](std::uint16_t value) { return value > kLargestByteLabel; }))
    return writeVolume(path, rawOf(geometry, 1, VoxelType::u16, labels.data));
  core::LabelVolume bytes(labels.size);
  std::transform(labels.data, end, bytes.voxels.begin(),
                 [](std::uint16_t value) { return static_cast<std::uint8_t>(value); });
  writeLabels(path, geometry, bytes);
}

void writeSegmentation(const fs::path& path, const core::Geometry& geometry, core::LabelView values,
                       const core::LabelSet& labels) {
  writeValues(path, geometry, values, labels);
}

void writeClassLabels(const fs::path& path, const core::Geometry& geometry, core::LabelView classes,
                      const core::LabelSet& labels) {
  requireWritableValues(labels);
  const bool bytes = std::all_of(labels.begin(), labels.end(),
                                 [](const core::Label& label) { return label.value <= kLargestByteLabel; });
  if (bytes) return writeClassesAs<std::uint8_t>(path, geometry, classes, labels);
  writeClassesAs<std::uint16_t>(path, geometry, classes, labels);
}

void requireWritableValues(const core::LabelSet& labels) {
  for (const auto& label : labels)
    if (label.value < 0 || label.value > kLargestLabel)
      throw core::InputError(label.name, "has the label value " + std::to_string(label.value),
                             "number the labels from 0 to " + std::to_string(kLargestLabel));
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

std::vector<fs::path> detachedDataOf(const fs::path& volume) {
  const std::string extension = volumeExtension(volume);
  if (!isFile(volume)) return {};
  try {
    if (extension.ends_with(".nrrd") || extension == ".nhdr") return dataFilesOfNrrd(volume);
    if (extension == ".mha" || extension == ".mhd") return dataFilesOfMetaImage(volume);
  } catch (const core::InputError&) {
    return {};  // told by whoever reads it
  }
  return {};
}

std::string volumeStem(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.substr(0, name.size() - volumeExtension(path).size());
}

}  // namespace rind::datasets
