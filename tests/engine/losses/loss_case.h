#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <vector>

#include "rind/losses/losses.h"

namespace rind::losses::testing {

struct LossCase {
  at::Tensor logits;  // float64
  Target target;      // weight included
};

struct CaseShape {
  std::int64_t samples = 1, classes = 3, depth = 5, height = 6, width = 7;
};

/// Random logits, blocks of random labels with noise, random bands and weights: a pure function of shape and
/// seed.
LossCase randomCase(const CaseShape& shape, std::uint64_t seed);

/// An array of an oracle as a tensor of its own type (u1, f4, f8).
at::Tensor readTensor(const std::filesystem::path& npy);

/// Every loss, CWCD in both presets.
std::vector<core::LossSettings> everyLoss();

/// "cwcd authors", for messages.
std::string nameOf(const core::LossSettings& settings);

}  // namespace rind::losses::testing
