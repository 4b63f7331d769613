#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rind/core/volume.h"

namespace rind::core {

/// A case ready for training: normalised image, class indices and depth map on one grid. Views into a memory
/// map (or any other memory, kept alive by `memory`); copying is cheap.
struct PreparedCase {
  std::string id;
  Geometry geometry;  // of the prepared grid
  int channels = 0;
  /// float32, [C, z, y, x].
  const float* image = nullptr;
  /// Class indices.
  LabelView labels;
  /// Chebyshev depth, replicate border, capped at 255.
  DepthView depth;
  std::shared_ptr<const void> memory;

  const Extent3& size() const { return geometry.size; }
};

/// Where a run's cases come from.
class CaseSource {
 public:
  virtual ~CaseSource() = default;
  virtual std::size_t count() const = 0;
  virtual std::string id(std::size_t index) const = 0;
  /// Throws InputError naming the case where it cannot be read.
  virtual PreparedCase open(std::size_t index) const = 0;
};

/// Folders as written by writePreparedCase.
class FolderCaseSource : public CaseSource {
 public:
  struct Entry {
    std::string id;
    std::filesystem::path folder;
  };
  explicit FolderCaseSource(std::vector<Entry> entries) : entries_(std::move(entries)) {}
  std::size_t count() const override { return entries_.size(); }
  std::string id(std::size_t index) const override { return entries_.at(index).id; }
  PreparedCase open(std::size_t index) const override;

 private:
  std::vector<Entry> entries_;
};

/// Writes `folder` (made in one piece: a temporary folder, renamed; two processes may write the same one):
/// case.json, and image, labels and depth
/// as detached NRRD (`.nhdr` with `.raw`), which 3D Slicer and ITK-SNAP open as they are. `notes` goes into
/// case.json.
void writePreparedCase(const std::filesystem::path& folder, const PreparedCase& prepared,
                       const nlohmann::json& notes);

/// Maps a prepared case. Throws InputError naming the file that is missing or has another size than its
/// header says.
PreparedCase openPreparedCase(const std::filesystem::path& folder);

void to_json(nlohmann::json& json, const Geometry& geometry);
void from_json(const nlohmann::json& json, Geometry& geometry);

}  // namespace rind::core
