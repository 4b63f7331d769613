#pragma once

#include <array>
#include <cstdint>

namespace rind::core {

/// What a random number is for. Every choice is a pure function of (seed, purpose, epoch, sample, draw), so a
/// resumed run makes the same ones.
enum class Purpose : std::uint32_t { split, shuffle, augmentation, weights, phantom, dropout, intensity };

/// Philox 4x32-10 (Salmon et al. 2011): 128 random bits from a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// A stream of numbers for one (seed, purpose, epoch, sample).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint32_t epoch, std::uint32_t sample)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        counter_{0, static_cast<std::uint32_t>(purpose), epoch, sample} {}

  std::uint32_t next();
  /// In [0, 1), 53 bits.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// In [0, count), without bias; count > 0.
  std::uint64_t below(std::uint64_t count);
  /// Standard normal (Box–Muller).
  double normal();

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_ = {};
  int used_ = 4;
};

}  // namespace rind::core
