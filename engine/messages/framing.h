#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rind::messages {

/// One line of JSON, followed by `payload` raw bytes where it names their number.
struct Message {
  nlohmann::json body;
  std::string payload;
};

/// What could not be understood; the stream goes on behind it.
struct Malformed {
  std::string why;
};

/// The bytes of a message. `body["payload"]` is set from the payload's size.
std::string encode(Message message);

/// Cuts a stream of bytes into messages. Never throws: malformed lines come out as Malformed, and a payload
/// that is announced larger than kLargestPayload is refused without being waited for.
class Decoder {
 public:
  static constexpr std::size_t kLargestLine = std::size_t{16} << 20;
  static constexpr std::size_t kLargestPayload = std::size_t{1} << 30;

  void feed(std::string_view bytes);
  /// The next whole message, or nothing until more bytes are fed.
  std::optional<std::variant<Message, Malformed>> next();

 private:
  std::optional<std::variant<Message, Malformed>> takeLine();

  std::string buffer_;
  std::size_t start_ = 0;
  std::optional<Message> waiting_;  // its payload has not come whole
  std::size_t payload_size_ = 0;
  bool skipping_ = false;  // the rest of a line that was too long
};

}  // namespace rind::messages
