#include "rind/messages/framing.h"

#include <gtest/gtest.h>

#include "rind/core/error.h"
#include "rind/core/random.h"
#include "rind/messages/commands.h"

namespace rind::messages {
namespace {

std::vector<std::variant<Message, Malformed>> decodeInPieces(const std::string& bytes, std::size_t piece) {
  Decoder decoder;
  std::vector<std::variant<Message, Malformed>> all;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    decoder.feed(std::string_view(bytes).substr(at, piece));
    while (auto message = decoder.next()) all.push_back(std::move(*message));
  }
  return all;
}

}  // namespace

TEST(Framing, MessagesSurviveAnySplitOfTheStream) {
  const std::string payload("\n\0{}\n", 5);
  const std::string bytes =
      encode({{{"a", 1}}, ""}) + encode({{{"b", "é\n"}}, payload}) + encode({{{"c", 3}}, ""});
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const auto all = decodeInPieces(bytes, piece);
    ASSERT_EQ(all.size(), 3U) << piece;
    EXPECT_EQ(std::get<Message>(all[1]).payload, payload);
    EXPECT_EQ(std::get<Message>(all[1]).body["b"], "é\n");
    EXPECT_EQ(std::get<Message>(all[2]).body["c"], 3);
  }
}

TEST(Framing, AMalformedLineIsReportedAndTheNextMessageStillComes) {
  for (const std::string bad : {"{", "[]", "null", "\xff\xfe", R"({"payload":-1})", R"({"payload":"x"})",
                                R"({"payload":99999999999})", ""}) {
    const auto all = decodeInPieces(bad + "\n" + encode({{{"ok", 1}}, ""}), 7);
    ASSERT_EQ(all.size(), 2U) << bad;
    EXPECT_TRUE(std::holds_alternative<Malformed>(all[0])) << bad;
    EXPECT_EQ(std::get<Message>(all[1]).body["ok"], 1);
  }
}

TEST(Framing, AnEndlessLineIsRefusedOnceAndItsTailSkipped) {
  Decoder decoder;
  int malformed = 0;
  const std::string chunk(1 << 20, 'x');
  for (int i = 0; i < 40; ++i) {
    decoder.feed(chunk);
    while (auto message = decoder.next()) malformed += std::holds_alternative<Malformed>(*message);
  }
  decoder.feed("\n" + encode({{{"ok", 1}}, ""}));
  const auto last = decoder.next();
  EXPECT_EQ(malformed, 1);
  ASSERT_TRUE(last);
  EXPECT_EQ(std::get<Message>(*last).body["ok"], 1);
}

TEST(Framing, TenThousandRandomStreamsNeverThrow) {
  core::RandomStream random(3, core::Purpose::shuffle, 0, 0);
  const std::string alphabet = "{}[]\":,\n0e-payloadcommndi \xff";
  for (int round = 0; round < 10000; ++round) {
    Decoder decoder;
    std::string bytes;
    for (int i = 0; i < 60; ++i) bytes += alphabet[random.below(alphabet.size())];
    decoder.feed(bytes + "\n");
    while (auto message = decoder.next()) {
      const auto* whole = std::get_if<Message>(&*message);
      if (whole) {
        EXPECT_THROW(parseCommand(whole->body), core::InputError);
      }
    }
  }
}

TEST(Commands, RoundTrip) {
  const std::vector<Command> all = {Hello{},
                                    Start{{{"epochs", 3}}, "runs/a", true},
                                    Pause{},
                                    Resume{},
                                    Stop{},
                                    Set{{{"lambda", 0.7}}},
                                    Export{"runs/a", "torchscript", "m.pt"},
                                    Shutdown{}};
  for (const auto& command : all) {
    const auto body = toJson(NumberedCommand{5, command});
    const auto back = parseCommand(body);
    EXPECT_EQ(back.id, 5);
    EXPECT_EQ(toJson(back), body);
  }
}

}  // namespace rind::messages
