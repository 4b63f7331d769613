#include "rind/core/random.h"

#include <cmath>
#include <numbers>

namespace rind::core {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t kMultiply0 = 0xD2511F53;
  constexpr std::uint64_t kMultiply1 = 0xCD9E8D57;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = kMultiply0 * counter[0];
    const std::uint64_t b = kMultiply1 * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

std::uint32_t RandomStream::next() {
  if (used_ == 4) {
    block_ = philox(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[static_cast<std::size_t>(used_++)];
}

double RandomStream::uniform() {
  const std::uint64_t high = next();
  const std::uint64_t bits = (high << 32) | next();
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

std::uint64_t RandomStream::below(std::uint64_t count) {
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % count;
  while (true) {
    const std::uint64_t high = next();
    const std::uint64_t bits = (high << 32) | next();
    if (bits < limit) return bits % count;
  }
}

double RandomStream::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace rind::core
