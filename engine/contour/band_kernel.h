#pragma once

#include <array>
#include <cstdint>

namespace rind::contour {

/// out[i] = depth[i] <= limit[labels[i]], for `count` voxels whose limits past class `classes` are 0.
void maskWithin(const std::uint8_t* labels, const std::uint8_t* depth,
                const std::array<std::uint8_t, 256>& limit, int classes, std::int64_t count,
                std::uint8_t* out);

}  // namespace rind::contour
