#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "rind/core/error.h"

namespace rind::networks {

/// A file that is not what was once written: cut short, its checksum wrong, or no weights at all.
class DamagedFile : public core::InputError {
 public:
  using InputError::InputError;
};

// Weights as bytes, without LibTorch: "RINDWTS1", the length of a table (64 bits), the table in JSON, the
// numbers, and the CRC-32 of all that. Little-endian.

struct StoredTensor {
  std::string name;
  std::string type;
  std::vector<std::int64_t> shape;
  std::size_t offset = 0;  // in numbers()
};

class WeightsFile {
 public:
  WeightsFile(std::string content, std::size_t numbers_at, std::vector<StoredTensor> tensors)
      : content_(std::move(content)), numbers_at_(numbers_at), tensors_(std::move(tensors)) {}

  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  std::string_view numbers() const { return std::string_view(content_).substr(numbers_at_); }

 private:
  std::string content_;
  std::size_t numbers_at_;
  std::vector<StoredTensor> tensors_;
};

/// Throws DamagedFile naming the file: another kind of file, cut short or damaged (by its checksum); another
/// InputError where it cannot be read.
WeightsFile readWeightsFile(const std::filesystem::path& path);

/// The bytes of a file whose table lists {"name", "type", "shape", "offset"}.
std::string weightsContent(const nlohmann::json& table, const std::string& numbers);

/// The four bytes that end a file.
std::string checksumOf(std::string_view bytes);

}  // namespace rind::networks
