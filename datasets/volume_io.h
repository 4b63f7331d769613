#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rind/core/float_buffer.h"
#include "rind/core/label_set.h"
#include "rind/core/volume.h"

namespace rind::datasets {

/// Intensities as the file means them (rescale slope and intercept applied), [C, z, y, x].
struct Image {
  core::Geometry geometry;
  int channels = 1;
  core::FloatBuffer voxels;  // [C, z, y, x]
  /// What was mended while reading, in words a person understands ("directions were not quite orthogonal").
  std::vector<std::string> notes;
};

/// Integer labels as the file stores them (an integer-valued float file counts as integer).
struct LabelFile {
  core::Geometry geometry;
  core::Volume<std::int32_t> labels;
};

/// Reads .nii, .nii.gz, .nrrd, .nhdr, .mha, .mhd, a DICOM file or folder (one series; sorted by position,
/// step from positions), or .npy ([z, y, x], spacing 1 mm or `npy_spacing`). Throws InputError naming the
/// file: missing, cut short, not three-dimensional, sheared, an impossible size.
Image readImage(const std::filesystem::path& path, std::optional<core::Spacing> npy_spacing = {});

/// As readImage. Throws InputError also where a value is not an integer.
LabelFile readLabels(const std::filesystem::path& path, std::optional<core::Spacing> npy_spacing = {});

/// Write a volume whole or not at all, in the format of the extension (u1, i2, f4; .npy drops the geometry).
/// Throw InputError: an extension that is not known, a folder that cannot be written.
void writeLabels(const std::filesystem::path& path, const core::Geometry& geometry, core::LabelView labels);
/// As u1 where all of them fit, else as u2.
void writeLabels(const std::filesystem::path& path, const core::Geometry& geometry,
                 core::VolumeView<std::uint16_t> labels);
void writeDepth(const std::filesystem::path& path, const core::Geometry& geometry,
                core::VolumeView<std::int16_t> depth);
/// Labels by their values, with the classes' names, colours and terminology where the format has a place for
/// them: 3D Slicer's segmentations, .seg.nrrd. `labels[0]` is the background.
void writeSegmentation(const std::filesystem::path& path, const core::Geometry& geometry,
                       core::LabelView values, const core::LabelSet& labels);
/// The same for class indices: each becomes its class's value, as u1 where all values fit, else as u2.
void writeClassLabels(const std::filesystem::path& path, const core::Geometry& geometry,
                      core::LabelView classes, const core::LabelSet& labels);
/// The largest values that label maps of u1 and of u2 hold.
constexpr int kLargestByteLabel = 255;
constexpr int kLargestLabel = 65535;
/// Throws InputError naming the label whose value is none that a label map can hold.
void requireWritableValues(const core::LabelSet& labels);

/// [C, z, y, x], for probabilities.
void writeFloats(const std::filesystem::path& path, const core::Geometry& geometry, int channels,
                 const float* voxels);

/// Whether the name ends as a volume's does (case-insensitive; .dcm included).
bool isVolumeFile(const std::filesystem::path& path);

/// Whether a volume can be written under this name (.dcm cannot).
bool isWritableVolume(const std::filesystem::path& path);

/// The files that writing a volume under this name makes: itself, and its voxels beside a header (.nhdr,
/// .mhd).
std::vector<std::filesystem::path> filesWritten(const std::filesystem::path& volume);

/// The files that a volume's header (NRRD, MetaImage) names as its voxels. Nothing where the file holds them
/// itself, or cannot be read.
std::vector<std::filesystem::path> detachedDataOf(const std::filesystem::path& volume);

/// The file's name without folder and volume extension: "case_1" of "a/case_1.nii.gz".
std::string volumeStem(const std::filesystem::path& path);

}  // namespace rind::datasets
