#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "rind/core/append_file.h"
#include "rind/messages/events.h"

namespace rind::training {

/// An event file that TensorBoard reads: records of (length, its checksum, a protobuf Event, its checksum),
/// the checksums CRC-32C, masked (TensorFlow's "tfrecord" framing).
class TensorBoardFile {
 public:
  /// Makes `folder` and a new file in it. What earlier files say from `first_step` on no longer counts.
  TensorBoardFile(const std::filesystem::path& folder, std::int64_t first_step);

  /// Loss, rate and gradient norm of a step; loss, DSC and time of an epoch; other events add nothing.
  void add(const messages::Event& event);

 private:
  void scalar(const messages::Moment& at, const std::string& tag, double value);
  void record(const std::string& event);

  core::AppendFile file_;
};

/// CRC-32C (Castagnoli).
std::uint32_t crc32c(std::string_view bytes);

}  // namespace rind::training
