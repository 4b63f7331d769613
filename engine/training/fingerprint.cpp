#include "rind/training/fingerprint.h"

#include <algorithm>
#include <cstdio>

namespace rind::training {
namespace {

constexpr std::size_t kPieces = 16;
constexpr std::size_t kPieceBytes = 16384;

class Hash {
 public:
  void add(const void* data, std::size_t bytes) {
    const auto* at = static_cast<const unsigned char*>(data);
    for (std::size_t i = 0; i < bytes; ++i) value_ = (value_ ^ at[i]) * 0x100000001b3U;
  }
  void addSpread(const void* data, std::size_t bytes) {
    add(&bytes, sizeof bytes);
    if (bytes <= kPieces * kPieceBytes) return add(data, bytes);
    for (std::size_t i = 0; i < kPieces; ++i)
      add(static_cast<const char*>(data) + (bytes - kPieceBytes) / (kPieces - 1) * i, kPieceBytes);
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

}  // namespace

std::string fingerprint(const core::CaseSource& cases) {
  Hash hash;
  for (std::size_t i = 0; i < cases.count(); ++i) {
    const core::PreparedCase prepared = cases.open(i);
    const auto& g = prepared.geometry;
    const auto voxels = static_cast<std::size_t>(g.size.voxels());
    hash.add(prepared.id.data(), prepared.id.size() + 1);
    for (const auto extent : {g.size.z, g.size.y, g.size.x}) hash.add(&extent, sizeof extent);
    for (const auto length : {g.spacing.z, g.spacing.y, g.spacing.x}) hash.add(&length, sizeof length);
    hash.addSpread(prepared.image, voxels * static_cast<std::size_t>(prepared.channels) * sizeof(float));
    hash.addSpread(prepared.labels.data, voxels);
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash.value()));
  return text;
}

}  // namespace rind::training
