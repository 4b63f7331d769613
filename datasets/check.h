#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rind/core/contour_settings.h"
#include "rind/datasets/data_set.h"

namespace rind::datasets {

enum class Severity { error, warning, note };
std::string toString(Severity severity);

/// Something wrong with a case (or, with an empty `case_id`, with the whole), and what to do. `what` is said
/// of `file`; where no file is to blame, of itself.
struct Problem {
  Severity severity = Severity::error;
  std::string case_id;
  std::string file;
  std::string what;
  std::string remedy;

  std::string sentence() const { return file.empty() ? what : file + " " + what; }
};

/// What a case holds, per class where it is about labels.
struct CaseFacts {
  std::string id;
  core::Geometry geometry;
  /// Where the array axes x, y, z point, in letters ("RAS").
  std::string orientation;
  int channels = 0;
  float lowest = 0;
  float highest = 0;
  bool has_labels = false;
  std::vector<std::int64_t> voxels_per_class;
  /// Share of the class's voxels that are in its band at the chosen thickness; 0 where absent.
  std::vector<double> band_share;
};

struct CheckReport {
  std::vector<CaseFacts> cases;  // those that could be read
  /// Errors first, then warnings and notes; in the order of the cases.
  std::vector<Problem> problems;

  bool hasErrors() const { return !problems.empty() && problems.front().severity == Severity::error; }
};

/// Reads every case once, on up to `threads` threads (0: all processors) and no more at once than memory
/// goes. Never throws for bad data: that is what `problems` is for.
CheckReport check(
    const DataSet& data, const core::ContourSettings& contour,
    const std::function<void(std::size_t done, std::size_t all, const std::string& id)>& progress = {},
    int threads = 0);

/// Axis letters of a direction matrix.
std::string orientationLetters(const core::Geometry& geometry);

}  // namespace rind::datasets
