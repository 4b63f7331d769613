#include "rind/sampling/intensity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace rind::sampling {
namespace {

std::vector<float> ramp() {
  std::vector<float> values(5000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / 1000 - 2;
  return values;
}

core::RandomStream streamOf(std::uint32_t number) {
  return {3, core::Purpose::intensity, 1, number};
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  double sa = 0, sb = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sa += a[i], sb += b[i];
    aa += a[i] * a[i], bb += b[i] * b[i], ab += a[i] * b[i];
  }
  const auto n = static_cast<double>(a.size());
  return (ab - sa * sb / n) / std::sqrt((aa - sa * sa / n) * (bb - sb * sb / n));
}

TEST(Intensity, OfNoneAreChangedWithoutAProbability) {
  auto values = ramp();
  auto random = streamOf(0);
  changeIntensity(values, 0, random);
  EXPECT_EQ(values, ramp());
}

TEST(Intensity, WhatWasBrighterStaysBrighterButForNoise) {
  const auto before = ramp();
  for (std::uint32_t number = 0; number < 50; ++number) {
    auto values = before;
    auto random = streamOf(number);
    changeIntensity(values, 1, random);
    EXPECT_NE(values, before);
    EXPECT_GT(correlation(before, values), 0.93) << number;
    EXPECT_TRUE(std::all_of(values.begin(), values.end(),
                            [](float v) { return std::isfinite(v) && std::abs(v) < 8; }));
  }
}

TEST(Intensity, EachChangeComesAsOftenAsItsProbabilitySays) {
  int unchanged = 0;
  for (std::uint32_t number = 0; number < 2000; ++number) {
    std::vector<float> values = {0, 1, 2, 3};
    auto random = streamOf(number);
    changeIntensity(values, 0.2, random);
    unchanged += values == std::vector<float>{0, 1, 2, 3} ? 1 : 0;
  }
  EXPECT_NEAR(unchanged / 2000.0, std::pow(0.8, 4), 0.04);
}

TEST(Intensity, WhatIsTheSameEverywhereStaysFinite) {
  std::vector<float> values(100, 4.0F);
  for (std::uint32_t number = 0; number < 20; ++number) {
    auto random = streamOf(number);
    changeIntensity(values, 1, random);
  }
  for (const float value : values) EXPECT_FLOAT_EQ(value, 4.0F);
}

}  // namespace
}  // namespace rind::sampling
