#pragma once

#include <filesystem>
#include <string_view>

namespace rind::core {

/// A file that only grows, by whole pieces: what could not be appended in full is cut off again, so nothing
/// in it is ever torn by a full disk.
class AppendFile {
 public:
  AppendFile() = default;
  ~AppendFile() { close(); }
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  bool isOpen() const { return file_ >= 0; }
  /// Throws InputError naming `path`.
  void open(const std::filesystem::path& path);
  void close();

  /// Throws DiskFull or InputError naming the file; it is then as it was.
  void append(std::string_view bytes);

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace rind::core
