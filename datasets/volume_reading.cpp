#include "rind/datasets/volume_reading.h"

#include <cstring>
#include <new>

#include "rind/core/error.h"
#include "rind/core/npy.h"
#include "rind/datasets/dicom_series.h"
#include "rind/datasets/nifti.h"
#include "rind/datasets/not_enough_memory.h"
#include "rind/datasets/readable.h"
#include "rind/datasets/text_header_formats.h"
#include "rind/datasets/volume_writing.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

/// [z, y, x]; also [y, x] as one slice, and [C, z, y, x].
core::Geometry numpyGeometry(const core::NpyArray& array, core::Spacing spacing, const std::string& where) {
  const auto& shape = array.shape;
  const std::size_t axes = shape.size();
  if (axes < 2 || axes > 4)
    throw core::InputError(where, "has " + std::to_string(axes) + " axes", "give an array of axes z, y, x");
  core::Geometry g;
  g.size = {axes > 2 ? shape[axes - 3] : 1, shape[axes - 2], shape[axes - 1]};
  g.spacing = spacing;
  checkedBytes({g.size, axes > 3 ? shape[0] : 1, 1, 1e12}, where);
  return g;
}

VoxelType numpyType(const std::string& type) {
  if (type == "u1") return VoxelType::u8;
  if (type == "i1") return VoxelType::i8;
  if (type == "u2") return VoxelType::u16;
  if (type == "i2") return VoxelType::i16;
  if (type == "u4") return VoxelType::u32;
  if (type == "i4") return VoxelType::i32;
  if (type == "u8") return VoxelType::u64;
  if (type == "i8") return VoxelType::i64;
  return type == "f4" ? VoxelType::f32 : VoxelType::f64;
}

RawVolume readNumpy(const fs::path& path, std::optional<core::Spacing> spacing) {
  core::NpyArray array = core::readNpy(path);
  RawVolume raw;
  raw.geometry = numpyGeometry(array, spacing.value_or(core::Spacing{}), path.string());
  raw.channels = array.shape.size() > 3 ? static_cast<int>(array.shape[0]) : 1;
  raw.type = numpyType(array.type);
  raw.bytes = std::move(array.bytes);
  return raw;
}

RawVolume fromImage(Image image) {
  RawVolume raw{image.geometry, image.channels, false, VoxelType::f32};
  raw.bytes.resize(image.voxels.size() * sizeof(float));
  std::memcpy(raw.bytes.data(), image.voxels.data(), raw.bytes.size());
  raw.notes = std::move(image.notes);
  return raw;
}

RawVolume read(const fs::path& path, std::optional<core::Spacing> npy_spacing) {
  if (isFolder(path)) return fromImage(readDicom(path));
  const std::string extension = volumeExtension(path);
  if (extension == ".nii" || extension == ".nii.gz") return readNifti(path);
  if (extension.ends_with(".nrrd") || extension == ".nhdr") return readNrrd(path);
  if (extension == ".mha" || extension == ".mhd") return readMetaImage(path);
  if (extension == ".npy") return readNumpy(path, npy_spacing);
  if (isDicomFile(path)) return fromImage(readDicom(path));
  throw core::InputError(path.string(), "is not a volume that Rind reads",
                         "give .nii, .nii.gz, .nrrd, .nhdr, .mha, .mhd, .npy or DICOM");
}

}  // namespace

RawVolume readVolume(const fs::path& path, std::optional<core::Spacing> npy_spacing) {
  requireReadable(path);
  try {
    return read(path, npy_spacing);
  } catch (const std::bad_alloc&) {
    throw NotEnoughMemory(path.string(), "needs more memory than there is",
                          "crop it, or use a machine with more memory");
  }
}

}  // namespace rind::datasets
