#pragma once

#include <string>

namespace rind::core {

/// What lies outside the volume: another class ("zero", as in scipy.ndimage.binary_erosion) or more of the
/// same
/// ("replicate"). Method, "Contour".
enum class Border { zero, replicate };

/// Per-class thickness: none, a cap on the share of the class's voxels that the band may hold, or a fraction
/// of the class's largest depth.
enum class AdaptiveRule { off, share, inradius };

struct Adaptive {
  AdaptiveRule rule = AdaptiveRule::off;
  /// `share`: Q in (0, 1]; `inradius`: F in (0, 1].
  double value = 0;

  bool operator==(const Adaptive&) const = default;
};

/// How thick the rind is: n erosions by an s-cube (Eq. 1; the paper uses n = 6, s = 3).
struct ContourSettings {
  int iterations = 6;
  int kernel = 3;
  Border border = Border::zero;
  /// Whether the background's own band weighs in the cross entropy ("authors"), or the foreground's only
  /// ("paper").
  bool include_background = false;
  Adaptive adaptive;

  /// n·(s−1)/2: a voxel is in the band when its depth is at most this (before the adaptive rule).
  int thickness() const { return iterations * ((kernel - 1) / 2); }
  bool operator==(const ContourSettings&) const = default;
};

/// Throws InputError: an even kernel, kernel < 1, iterations < 1, an adaptive value outside (0, 1].
void validate(const ContourSettings& settings);

/// "off", "share:Q", "inradius:F". Throws InputError naming --adaptive.
Adaptive parseAdaptive(const std::string& text);
std::string toString(const Adaptive& adaptive);

Border parseBorder(const std::string& text);
std::string toString(Border border);

}  // namespace rind::core
