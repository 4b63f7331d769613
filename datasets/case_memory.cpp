#include "rind/datasets/case_memory.h"

#include <algorithm>

#include "rind/core/error.h"
#include "rind/core/memory.h"
#include "rind/datasets/nifti.h"
#include "rind/datasets/readable.h"
#include "rind/datasets/text_header.h"
#include "rind/datasets/volume_writing.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

/// Stored voxels, floats, and a channel on its way to another grid: about three times the floats.
constexpr double kBytesPerVoxel = 3 * sizeof(float);
/// Of the memory that is left; the rest is for estimates that are too low.
constexpr double kShareOfMemory = 0.7;

double productOf(const std::vector<double>& extents) {
  double product = extents.empty() ? 0 : 1;
  for (const double extent : extents) product *= std::max(1.0, extent);
  return product;
}

/// Bytes of a file, or of a DICOM folder's or series' files.
double bytesOfFiles(const fs::path& path) {
  std::error_code status;
  if (isFile(path) && volumeExtension(path) == ".npy")
    return static_cast<double>(fs::file_size(path, status));
  double bytes = 0;
  for (const auto& file : entriesOf(isFolder(path)           ? path
                                    : path.has_parent_path() ? path.parent_path()
                                                             : fs::path(".")))
    if (isFile(file)) bytes += static_cast<double>(fs::file_size(file, status));
  return bytes;
}

double voxelsOf(const fs::path& path) {
  const std::string extension = isFolder(path) ? "" : volumeExtension(path);
  if (extension == ".nii" || extension == ".nii.gz") return readNiftiVoxels(path);
  if (extension.ends_with(".nrrd") || extension == ".nhdr")
    return productOf(readTextHeader(path, ':', "").numbers("sizes"));
  if (extension == ".mha" || extension == ".mhd") {
    const TextHeader header = readTextHeader(path, '=', "elementdatafile");
    return productOf(header.numbers("dimsize")) *
           std::max(1.0, productOf(header.numbers("elementnumberofchannels")));
  }
  return bytesOfFiles(path);
}

/// By how much a grid of `spacing` has more voxels than the image's own; 1 where only reading it would tell.
double growthOf(const fs::path& image, const std::optional<core::Spacing>& spacing) {
  const std::string extension = volumeExtension(image);
  if (!spacing || (extension != ".nii" && extension != ".nii.gz") || !isFile(image)) return 1;
  try {
    const core::Spacing own = readNiftiGeometry(image).spacing;
    return std::max(1.0, own.z * own.y * own.x / (spacing->z * spacing->y * spacing->x));
  } catch (const core::InputError&) {
    return 1;  // told by whoever reads it
  }
}

}  // namespace

double memoryToRead(const fs::path& volume) {
  if (!whyUnreadable(volume).empty()) return 0;
  try {
    return kBytesPerVoxel * voxelsOf(volume);
  } catch (const core::InputError&) {
    return 0;  // told by whoever reads it
  }
}

double memoryToRead(const DataSet& data, const CaseFiles& files,
                    const std::optional<core::Spacing>& spacing) {
  if (data.phantom)
    return kBytesPerVoxel * static_cast<double>(data.phantom->size.voxels()) *
           static_cast<double>(data.channels.size());
  double bytes = 0;
  for (const auto& image : files.images) bytes += memoryToRead(image);
  if (!files.images.empty()) bytes *= growthOf(files.images.front(), spacing);
  return files.labels.empty() ? bytes : bytes + memoryToRead(files.labels);
}

MemoryGate::MemoryGate() : MemoryGate(kShareOfMemory * static_cast<double>(core::availableMemory())) {}

void MemoryGate::enter(double bytes) {
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] { return inside_ == 0 || used_ + bytes <= bytes_; });
  used_ += bytes;
  ++inside_;
}

void MemoryGate::leave(double bytes) {
  {
    const std::lock_guard lock(mutex_);
    used_ -= bytes;
    if (--inside_ == 0) used_ = 0;  // no rounding is carried on
  }
  left_.notify_all();
}

}  // namespace rind::datasets
