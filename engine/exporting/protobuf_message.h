#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace rind::exporting {

/// A message in protobuf's wire format, field by field: all that an ONNX file, or TensorBoard's, needs
/// of that library.
class ProtobufMessage {
 public:
  void integer(int field, std::int64_t value) {
    tag(field, 0);
    varint(static_cast<std::uint64_t>(value));
  }
  void number(int field, float value) {
    tag(field, 5);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);  // little-endian, as the machine
  }
  void number(int field, double value) {
    tag(field, 1);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(int field, std::string_view value) {
    tag(field, 2);
    varint(value.size());
    bytes_.append(value);
  }
  void message(int field, const ProtobufMessage& value) { text(field, value.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  void tag(int field, int wire_type) { varint(static_cast<std::uint64_t>(field << 3 | wire_type)); }
  void varint(std::uint64_t value) {
    for (; value > 0x7f; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace rind::exporting
