#pragma once

#include <optional>
#include <string>
#include <vector>

namespace rind::core {

/// The eight losses of `docs/method.md`.
enum class LossKind { ce, cwce, dl, sdl, cwcd, gdl, dwce, cedl };

/// CWCD as the paper's text has it, or as the authors' published code does.
enum class Preset { paper, authors };

struct LossSettings {
  LossKind kind = LossKind::cwcd;
  Preset preset = Preset::paper;
  /// λ in [0, 1]: weight of the contour part of SDL; the interior has 1 − λ.
  double lambda = 0.5;
  /// α ≥ 0: extra weight of contour voxels in the cross entropy (1 + α c).
  double alpha = 2;
  /// ε > 0 of the Dice terms; where it is not given, 1e-3, and 1e-8 for GDL.
  std::optional<double> epsilon;
  /// DWCE: w = 1 + w0·exp(−(d₁+d₂)²/(2σ²)), σ in voxels.
  double w0 = 10;
  double sigma = 5;

  double effectiveEpsilon() const { return epsilon.value_or(kind == LossKind::gdl ? 1e-8 : 1e-3); }
  bool operator==(const LossSettings&) const = default;
};

/// Throws InputError: λ outside [0, 1], α < 0, ε ≤ 0, w0 < 0, σ ≤ 0, or any that is not finite.
void validate(const LossSettings& settings);

/// Throws InputError naming --loss and listing the eight.
LossKind parseLossKind(const std::string& text);
std::string toString(LossKind kind);
/// All eight, in the order in which they are shown.
const std::vector<LossKind>& allLossKinds();

Preset parsePreset(const std::string& text);
std::string toString(Preset preset);

}  // namespace rind::core
