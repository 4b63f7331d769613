#pragma once

#include <filesystem>
#include <string>

namespace rind::training {

/// A run folder's file `lock`, held while this lives; it ends with its process, so it cannot go stale. Its
/// first line names host and process, the second why the training waits.
class RunLock {
 public:
  /// Throws InputError: another process holds it (named), it cannot be written, or the file system has no
  /// locks.
  explicit RunLock(const std::filesystem::path& folder);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

  /// The place for it was made with the file, so that a full disk has room for it; where it cannot be written
  /// nothing is said.
  void note(const std::string& why);

  /// Whether the file was written by a trainer, or is empty as one leaves it that is killed at once.
  static bool isOne(const std::filesystem::path& file);

 private:
  int file_ = -1;
};

}  // namespace rind::training
