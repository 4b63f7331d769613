#pragma once

#include <vector>

#include "rind/core/float_buffer.h"
#include "rind/datasets/data_set.h"

namespace rind::datasets {

/// One computed case: whole-numbered intensities [C, z, y, x] and class indices.
struct PhantomCase {
  core::Geometry geometry;
  int channels = 1;
  core::FloatBuffer image;
  core::LabelVolume labels;
};

/// The same bytes for the same settings and index on every machine: additions, products and square roots
/// only, no contraction, no library functions that round differently.
PhantomCase renderPhantom(const PhantomSettings& settings, std::uint32_t index);

}  // namespace rind::datasets
