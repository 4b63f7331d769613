#include "rind/models/event_tail.h"

#include <gtest/gtest.h>

#include <fstream>

#include "rind/core/atomic_file.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::models {
namespace {

std::string lineOf(std::int64_t step) {
  messages::Step event{{step, 1, 100.0 + static_cast<double>(step)}};
  event.loss = 0.5;
  return messages::toJson(event).dump() + "\n";
}

class EventTailTest : public testing::Test {
 protected:
  void append(const std::string& bytes) { std::ofstream(file_, std::ios::app) << bytes; }
  std::vector<std::int64_t> stepsOf(const EventTail::News& news) {
    std::vector<std::int64_t> steps;
    for (const auto& event : news.events) steps.push_back(messages::momentOf(event).step);
    return steps;
  }

  test_support::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "events.jsonl";
  EventTail tail_{file_};
};

using Steps = std::vector<std::int64_t>;

TEST_F(EventTailTest, ReadsWhatWasAppendedAndAHalfLineOnceItIsWhole) {
  EXPECT_TRUE(tail_.read().events.empty()) << "there is no file yet";
  append(lineOf(1) + lineOf(2));
  EXPECT_EQ(stepsOf(tail_.read()), Steps({1, 2}));
  EXPECT_TRUE(tail_.read().events.empty());
  const std::string third = lineOf(3);
  append(third.substr(0, 10));
  EXPECT_TRUE(tail_.read().events.empty());
  append(third.substr(10) + "{\"event\": \n" + lineOf(4));
  const auto news = tail_.read();
  EXPECT_EQ(stepsOf(news), Steps({3, 4}));
  EXPECT_EQ(news.broken_lines, 1u);
  EXPECT_FALSE(news.anew);
}

TEST_F(EventTailTest, AFileThatShrankOrWasReplacedIsReadAnew) {
  append(lineOf(1) + lineOf(2) + lineOf(3));
  tail_.read();
  std::filesystem::resize_file(file_, lineOf(1).size());
  auto news = tail_.read();
  EXPECT_TRUE(news.anew);
  EXPECT_EQ(stepsOf(news), Steps({1}));
  core::writeFileWhole(file_, lineOf(1) + lineOf(5) + lineOf(6));  // renamed into place, and longer
  news = tail_.read();
  EXPECT_TRUE(news.anew);
  EXPECT_EQ(stepsOf(news), Steps({1, 5, 6}));
  append(lineOf(7));
  news = tail_.read();
  EXPECT_FALSE(news.anew);
  EXPECT_EQ(stepsOf(news), Steps({7}));
}

TEST_F(EventTailTest, AFileThatWasWrittenOverInPlaceAndIsLongerIsReadAnew) {
  append(lineOf(1) + lineOf(2));
  tail_.read();
  std::ofstream(file_, std::ios::trunc) << lineOf(1) << lineOf(3) << lineOf(4);
  const auto news = tail_.read();
  EXPECT_TRUE(news.anew);
  EXPECT_EQ(stepsOf(news), Steps({1, 3, 4}));
}

}  // namespace
}  // namespace rind::models
