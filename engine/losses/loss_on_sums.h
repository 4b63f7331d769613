#pragma once

#include <string>
#include <vector>

#include "rind/core/loss_settings.h"
#include "rind/losses/losses.h"
#include "rind/losses/region_sums.h"

namespace rind::losses {

struct LossOptions {
  const core::LossSettings& settings;
  bool include_background = false;
};

/// A loss evaluated on region sums: its value, and what its gradient needs.
struct LossOnSums {
  LossReport report;
  std::vector<ClassCoefficients> coefficients;
};

using LossFunction = LossOnSums (*)(const RegionSums& sums, const LossOptions& options);

// The losses of docs/method.md, one file each. To add one: its file, its line in loss_table.cpp, its test.
LossOnSums crossEntropy(const RegionSums& sums, const LossOptions& options);
LossOnSums contourWeightedCrossEntropy(const RegionSums& sums, const LossOptions& options);
LossOnSums dice(const RegionSums& sums, const LossOptions& options);
LossOnSums separatedDice(const RegionSums& sums, const LossOptions& options);
LossOnSums contourWeightedCrossEntropyDice(const RegionSums& sums, const LossOptions& options);
LossOnSums generalisedDice(const RegionSums& sums, const LossOptions& options);
LossOnSums distanceWeightedCrossEntropy(const RegionSums& sums, const LossOptions& options);
LossOnSums crossEntropyDice(const RegionSums& sums, const LossOptions& options);

/// How a kind of loss is computed.
struct LossEntry {
  core::LossKind kind;
  LossFunction function;
  bool needs_weight;  // whether Target::weight has to be there
};

/// The line of the table of losses for `kind`.
const LossEntry& lossEntry(core::LossKind kind);

// What the losses are made of.

/// A loss of value 0 for as many classes as `sums` has, with one term of that name.
LossOnSums emptyLoss(const RegionSums& sums, const std::string& term);

/// Values, terms, class parts and gradients add up.
LossOnSums operator+(LossOnSums left, const LossOnSums& right);

/// (1/N) Σ_i (1 + α c_i) · (−log p_{i,label(i)}) · factor, c the band of the foreground, or of all classes.
struct ContourWeight {
  double alpha = 0;
  bool include_background = false;
  double factor = 1;
};
LossOnSums weightedCrossEntropy(const RegionSums& sums, const std::string& term, const ContourWeight& weight);

/// Adds `contour` and `interior` to class j's part and to the total of a loss with one term.
void addToClass(LossOnSums& loss, std::size_t j, double contour, double interior);

}  // namespace rind::losses
