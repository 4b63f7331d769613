#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "rind/core/error.h"
#include "rind/core/float_buffer.h"
#include "rind/core/prepared_case.h"
#include "rind/datasets/data_set.h"

namespace rind::datasets {

struct PrepareOptions {
  /// defaultCacheFolder() where empty.
  std::filesystem::path cache;
  core::Preprocessing preprocessing;
  /// Called after each case, from one thread at a time.
  std::function<void(std::size_t done, std::size_t all, const std::string& id)> progress;
  const std::atomic<bool>* cancel = nullptr;
  int threads = 0;  // 0: all processors
};

/// Prepares cases in parallel, no more at once than memory goes, into the cache and returns where each lies,
/// in the order of `ids`. A case that is already there is not touched; a changed file or setting makes a new
/// one; interrupted, it goes on where it was. Throws InputError naming the first bad case, core::Interrupted
/// where `cancel` was set.
std::vector<core::FolderCaseSource::Entry> prepare(const DataSet& data, const std::vector<std::string>& ids,
                                                   const PrepareOptions& options);

struct PreparedCases {
  std::vector<core::FolderCaseSource::Entry> entries;
  /// What is wrong with the cases that were left out, which it names.
  std::vector<core::InputError> broken;
};

/// The same, but a case whose files cannot be used is left out. Throws where the cache cannot be written.
PreparedCases prepareReadable(const DataSet& data, const std::vector<std::string>& ids,
                              const PrepareOptions& options);

/// One case in memory: image normalised, labels as class indices (all background where the case has none),
/// depth. What was mended while its image was read goes to `notes`.
core::PreparedCase loadCase(const DataSet& data, const CaseFiles& files,
                            const core::Preprocessing& preprocessing,
                            std::vector<std::string>* notes = nullptr);

/// An image as the network wants it, and where it came from.
struct PreparedImage {
  core::Geometry original;
  core::Geometry geometry;
  int channels = 1;
  core::FloatBuffer image;  // [C, z, y, x] on `geometry`
  /// Where `geometry` is a box of a larger grid: that grid, and the box's first voxel.
  core::Geometry uncropped;
  core::Index3 cropped_at;
  /// What was mended while it was read, in words a person understands.
  std::vector<std::string> notes;

  bool isCropped() const { return uncropped.size.voxels() > geometry.size.voxels(); }
};

/// The channels' files (one volume each, on one grid; or one file with all channels). Throws InputError.
PreparedImage prepareImage(const std::vector<std::filesystem::path>& channel_files,
                           const core::Preprocessing& preprocessing);

/// Labels on `prepared.geometry`, carried to the image's own grid (linear per class, then the largest); the
/// same voxels where the grids are equal, background outside the box that was cropped to.
core::LabelVolume toOriginalGrid(core::LabelView labels, const PreparedImage& prepared);

/// By what a change of a case's files is noticed: path, size and time of each and of the files that they name
/// as their data, and the labels' values; a phantom's settings. Throws InputError where a file is missing.
nlohmann::json fingerprintOf(const DataSet& data, const CaseFiles& files);

/// $XDG_CACHE_HOME/rind, or ~/.cache/rind.
std::filesystem::path defaultCacheFolder();

/// Bytes the cache holds, and removing them all.
std::uintmax_t cacheBytes(const std::filesystem::path& cache);
void clearCache(const std::filesystem::path& cache);

}  // namespace rind::datasets
