#pragma once

#include <functional>
#include <vector>

#include "rind/core/label_set.h"
#include "rind/core/prepared_case.h"
#include "rind/inference/sliding_window.h"
#include "rind/messages/events.h"
#include "rind/metrics/class_score.h"

namespace rind::training {

struct ValidatedCase {
  std::string id;
  core::Geometry geometry;
  core::LabelVolume prediction;
  std::vector<metrics::ClassScore> scores;  // counts and DSC
  core::PreparedCase prepared;              // what it was compared with
};

struct ValidationPlan {
  inference::SlidingWindow window;
  int classes = 2;
  std::function<void(std::size_t done, std::size_t all)> progress;
  std::function<bool()> cancelled;
  /// Where it is there, a case that cannot be read is left out, and what is wrong with it said here.
  std::function<void(const std::string& what)> left_out;
};

/// Predicts every case. Throws core::Interrupted where `cancelled` says so, between windows; InputError
/// naming a case that cannot be read.
std::vector<ValidatedCase> validate(const inference::Forward& forward, const core::CaseSource& cases,
                                    const ValidationPlan& plan);

/// Mean DSC by class over the cases where the class is in reference or prediction; NaN where it is in none.
std::vector<messages::ClassScore> classMeans(const std::vector<ValidatedCase>& cases,
                                             const core::LabelSet& labels);

/// Mean over the classes that have one; a class with DSC 0 counts as 0 (Scores).
double meanOf(const std::vector<messages::ClassScore>& classes);

}  // namespace rind::training
