#include "rind/models/signed_rank.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace rind::models {
namespace {

constexpr std::size_t kMostExact = 50;

struct Ranks {
  std::vector<int> doubled;   // twice the rank: whole where equal sizes share one
  double tie_correction = 0;  // Σ t³ − t over groups of equal sizes
};

Ranks ranksOf(const std::vector<double>& sizes) {
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return sizes[a] < sizes[b]; });
  Ranks ranks{std::vector<int>(sizes.size()), 0};
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && sizes[order[end]] == sizes[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks.doubled[order[i]] = static_cast<int>(begin + end + 1);
    const auto tied = static_cast<double>(end - begin);
    ranks.tie_correction += tied * tied * tied - tied;
    begin = end;
  }
  return ranks;
}

// Share of all assignments of signs whose doubled sum of positive ranks is at most `sum`.
double shareUpTo(const std::vector<int>& doubled, int sum) {
  const int all = std::accumulate(doubled.begin(), doubled.end(), 0);
  std::vector<double> share(static_cast<std::size_t>(all) + 1, 0);
  share[0] = 1;
  for (const int rank : doubled)
    for (int at = all; at >= 0; --at) {
      const auto here = static_cast<std::size_t>(at);
      const double with = at >= rank ? share[here - static_cast<std::size_t>(rank)] : 0;
      share[here] = (share[here] + with) / 2;
    }
  return std::accumulate(share.begin(), share.begin() + sum + 1, 0.0);
}

}  // namespace

SignedRank signedRankTest(const std::vector<double>& differences) {
  std::vector<double> kept;
  for (const double value : differences)
    if (std::isfinite(value) && value != 0) kept.push_back(value);
  SignedRank result;
  result.pairs = static_cast<int>(kept.size());
  if (kept.empty()) return result;
  std::vector<double> sizes(kept.size());
  std::transform(kept.begin(), kept.end(), sizes.begin(), [](double value) { return std::abs(value); });
  const Ranks ranks = ranksOf(sizes);
  int positive = 0;
  int negative = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) (kept[i] > 0 ? positive : negative) += ranks.doubled[i];
  const int least = std::min(positive, negative);
  result.statistic = least / 2.0;
  result.exact = kept.size() <= kMostExact;
  if (result.exact) {
    result.p = std::min(1.0, 2 * shareUpTo(ranks.doubled, least));
    return result;
  }
  const auto n = static_cast<double>(kept.size());
  const double mean = n * (n + 1) / 4;
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.tie_correction / 48;
  result.p = std::erfc(std::abs(result.statistic - mean) / std::sqrt(2 * variance));
  return result;
}

}  // namespace rind::models
