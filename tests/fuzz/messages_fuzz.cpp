#include "fuzzed.h"
#include "rind/messages/commands.h"
#include "rind/messages/events.h"
#include "rind/messages/framing.h"

namespace {

using namespace rind;

void understand(const messages::Message& message) {
  messages::parseEvent(message.body);
  messages::parseReply(message.body);
  try {
    const auto command = messages::parseCommand(message.body);
    const auto again = messages::parseCommand(messages::toJson(command));
    fuzz::require(messages::toJson(again) == messages::toJson(command), "a command comes back");
  } catch (const core::InputError& error) {
    fuzz::require(!error.problem().empty(), "a refused command says why");
  }
}

void comesBack(const messages::Message& message) {
  messages::Decoder decoder;
  decoder.feed(messages::encode(message));
  const auto back = decoder.next();
  fuzz::require(back && std::holds_alternative<messages::Message>(*back), "what is encoded is a message");
  fuzz::require(std::get<messages::Message>(*back).payload == message.payload, "its payload comes back");
}

}  // namespace

/// The first byte says how large the pieces are that the stream arrives in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0];
  messages::Decoder decoder;
  for (std::size_t at = 1; at < size; at += piece) {
    decoder.feed({reinterpret_cast<const char*>(data) + at, std::min(piece, size - at)});
    while (const auto next = decoder.next())
      if (const auto* message = std::get_if<messages::Message>(&*next)) {
        understand(*message);
        comesBack(*message);
      }
  }
  return 0;
}
