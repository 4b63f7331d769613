#include <array>
#include <stdexcept>

#include "rind/losses/loss_on_sums.h"

namespace rind::losses {
namespace {

constexpr std::array<LossEntry, 8> kLosses = {{
    {core::LossKind::ce, crossEntropy, false},
    {core::LossKind::cwce, contourWeightedCrossEntropy, false},
    {core::LossKind::dl, dice, false},
    {core::LossKind::sdl, separatedDice, false},
    {core::LossKind::cwcd, contourWeightedCrossEntropyDice, false},
    {core::LossKind::gdl, generalisedDice, false},
    {core::LossKind::dwce, distanceWeightedCrossEntropy, true},
    {core::LossKind::cedl, crossEntropyDice, false},
}};

}  // namespace

const LossEntry& lossEntry(core::LossKind kind) {
  for (const LossEntry& entry : kLosses)
    if (entry.kind == kind) return entry;
  throw std::logic_error("a loss without a line in the table of losses");
}

bool needsWeight(core::LossKind kind) {
  return lossEntry(kind).needs_weight;
}

}  // namespace rind::losses
