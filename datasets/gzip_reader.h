#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace rind::datasets {

/// How a file's bytes are packed; `detect` tells gzip by content, not by name.
enum class Packing { detect, none, deflate };

/// A file's bytes in order from `offset` on, unpacked where they are gzip or zlib. Memory is bounded by a
/// buffer, or by what is wanted and 1 MiB.
class GzipReader {
 public:
  /// Throws InputError: cannot be read.
  explicit GzipReader(const std::filesystem::path& path, std::size_t offset = 0,
                      Packing packing = Packing::detect);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Fills `bytes` bytes. Throws InputError: cut short, or damaged (checksum included).
  void read(void* to, std::size_t bytes);
  void skip(std::size_t bytes);
  /// After the last wanted byte: checks that the stream is whole. Throws InputError: more than 1 MiB follows,
  /// so that what was wanted cannot be what the file holds.
  void finish();
  /// The most bytes that can still be read.
  double left() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rind::datasets
