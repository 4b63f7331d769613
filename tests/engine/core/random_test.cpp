#include "rind/core/random.h"

#include <gtest/gtest.h>

namespace rind::core {

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
TEST(Philox, EqualsTheKnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(RandomStream, IsAFunctionOfItsArgumentsAlone) {
  RandomStream one(7, Purpose::augmentation, 3, 11);
  RandomStream other(7, Purpose::augmentation, 3, 11);
  RandomStream next_sample(7, Purpose::augmentation, 3, 12);
  const double first = one.uniform();
  EXPECT_EQ(first, other.uniform());
  EXPECT_NE(first, next_sample.uniform());
}

TEST(RandomStream, StaysInItsRangeAndFillsIt) {
  RandomStream stream(1, Purpose::shuffle, 0, 0);
  std::array<int, 7> hits = {};
  double sum = 0;
  for (int i = 0; i < 7000; ++i) {
    ++hits.at(stream.below(7));
    sum += stream.normal();
  }
  for (const int count : hits) EXPECT_NEAR(count, 1000, 150);
  EXPECT_NEAR(sum / 7000, 0, 0.05);
}

}  // namespace rind::core
