#include "rind/messages/events.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rind::messages {

TEST(Events, RoundTrip) {
  const Moment at{12, 3, 1.5};
  const std::vector<Event> all = {
      Started{at, {{"lambda", 0.5}}, 80, 50, 4},
      Step{at, 0.25, 3e-4, 1.5, {{"ce", 1.0}, {"dice", 0.5}}, 2.0, 4},
      Epoch{at, 20, 1.2, 0.8, {{1, "liver", 0.9}, {2, "adrenal", 0.7}}, {{1, 0.1, 0.2}}, true},
      Parameters{at, {{"lambda", 0.7}}},
      Checkpoint{at, "checkpoints/last.weights"},
      Preview{at, "case 1", "previews/epoch_0003.nrrd"},
      Warning{at, "a"},
      State{at, "paused", ""},
      Progress{at, "preparing", 3, 7},
      Ended{at, "finished", "", 0.8, 3}};
  for (const auto& event : all) {
    const auto body = toJson(event);
    const auto back = parseEvent(body);
    ASSERT_TRUE(back) << body;
    EXPECT_EQ(toJson(*back), body);
    EXPECT_EQ(momentOf(*back).step, 12);
  }
}

TEST(Events, NotANumberIsNullAndComesBack) {
  const auto body = toJson(Epoch{{}, 1, 1, std::nan(""), {{1, "a", std::nan("")}}, {}, false});
  EXPECT_TRUE(body["validation"]["mean_dsc"].is_null());
  EXPECT_TRUE(std::isnan(std::get<Epoch>(*parseEvent(body)).classes[0].dsc));
}

TEST(Events, WhatIsUnknownOrHalfIsIgnored) {
  EXPECT_FALSE(parseEvent({{"event", "from_the_future"}, {"step", 1}}));
  EXPECT_FALSE(parseEvent({{"event", "step"}, {"step", 1}}));
  EXPECT_FALSE(parseEvent({{"event", 3}}));
  EXPECT_FALSE(parseEvent(nlohmann::json::array()));
}

}  // namespace rind::messages
