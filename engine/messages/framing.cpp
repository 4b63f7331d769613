#include "rind/messages/framing.h"

#include "rind/core/text.h"

namespace rind::messages {
namespace {

using nlohmann::json;

/// The payload's announced size; nothing where there is none or it makes no sense.
std::optional<std::size_t> announcedPayload(const json& body) {
  const auto at = body.find("payload");
  if (at == body.end()) return 0;
  if (!at->is_number_unsigned() || at->get<std::uint64_t>() > Decoder::kLargestPayload) return std::nullopt;
  return at->get<std::size_t>();
}

}  // namespace

std::string encode(Message message) {
  message.body.erase("payload");
  if (!message.payload.empty()) message.body["payload"] = message.payload.size();
  // Bytes that are not UTF-8 (file names) are replaced, so that the line stays valid JSON.
  std::string bytes = core::jsonText(message.body);
  bytes += '\n';
  bytes += message.payload;
  return bytes;
}

void Decoder::feed(std::string_view bytes) {
  if (start_ > 0) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<std::variant<Message, Malformed>> Decoder::next() {
  if (waiting_) {
    if (buffer_.size() - start_ < payload_size_) return std::nullopt;
    Message message = std::move(*waiting_);
    waiting_.reset();
    message.payload = buffer_.substr(start_, payload_size_);
    start_ += payload_size_;
    return message;
  }
  return takeLine();
}

std::optional<std::variant<Message, Malformed>> Decoder::takeLine() {
  const auto end = buffer_.find('\n', start_);
  if (end == std::string::npos) {
    if (buffer_.size() - start_ <= kLargestLine) return std::nullopt;
    buffer_.clear();
    start_ = 0;
    if (skipping_) return std::nullopt;
    skipping_ = true;
    return Malformed{"a line is longer than 16 MiB"};
  }
  const std::string line = buffer_.substr(start_, end - start_);
  start_ = end + 1;
  if (skipping_) {  // the tail of what was refused
    skipping_ = false;
    return next();
  }
  json body = json::parse(line, nullptr, false);
  if (!body.is_object()) return Malformed{"a line is not a JSON object"};
  const auto size = announcedPayload(body);
  if (!size) return Malformed{"\"payload\" is not a size of at most 1 GiB"};
  if (*size == 0) return Message{std::move(body), {}};
  waiting_ = Message{std::move(body), {}};
  payload_size_ = *size;
  return next();
}

}  // namespace rind::messages
