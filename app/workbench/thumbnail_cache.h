#pragma once

#include <QImage>
#include <filesystem>

#include "rind/datasets/data_set.h"

namespace rind::workbench {

/// By what a case's thumbnail is kept: its files with their sizes and times, its classes with their colours.
/// Throws InputError where a file is missing.
std::string thumbnailKey(const datasets::DataSet& data, const datasets::CaseFiles& files);

/// Thumbnails in a folder of the user's cache, one PNG each; those that were not wanted for the longest time
/// go. For one thread at a time; several programs may share the folder.
class ThumbnailCache {
 public:
  static constexpr int kMost = 4000;  // files; about 10 kB each
  explicit ThumbnailCache(std::filesystem::path folder, int most = kMost)
      : folder_(std::move(folder)), most_(most) {}

  /// Null where there is none, or none that can be read.
  QImage read(const std::string& key) const;
  /// Whole or not at all. Throws InputError where the folder cannot be written.
  void write(const std::string& key, const QImage& picture);

 private:
  void makeRoom() const;

  std::filesystem::path folder_;
  int most_;
  int written_ = 0;
};

}  // namespace rind::workbench
