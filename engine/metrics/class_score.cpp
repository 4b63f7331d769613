#include "rind/metrics/class_score.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "rind/core/error.h"
#include "rind/core/memory.h"
#include "rind/metrics/memory_bound_jobs.h"
#include "rind/metrics/nearest_distance.h"
#include "rind/metrics/overlap_counts.h"
#include "rind/metrics/surface_points.h"
#include "rind/metrics/surface_scores.h"

namespace rind::metrics {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Surfaces = std::vector<std::vector<SurfacePoint>>;

void requireComparable(core::LabelView reference, core::LabelView prediction, int classes) {
  if (reference.size != prediction.size)
    throw core::InputError("prediction",
                           "it has " + core::toString(prediction.size) + " voxels, the reference " +
                               core::toString(reference.size),
                           "give both on the same grid");
  if (classes < 1 || classes > 256)
    throw core::InputError("classes", std::to_string(classes) + " is no number of classes", "give 1 to 256");
}

void requireTolerances(const std::vector<double>& tolerances) {
  for (const double tolerance : tolerances)
    if (!std::isfinite(tolerance) || tolerance < 0)
      throw core::InputError("--tolerance", std::to_string(tolerance) + " is no distance",
                             "give millimetres, 0 or more");
}

void requireSpacing(const core::Spacing& spacing) {
  for (const double s : {spacing.z, spacing.y, spacing.x})
    if (!std::isfinite(s) || s <= 0)
      throw core::InputError("spacing", core::toString(spacing) + " is no spacing",
                             "give positive millimetres");
}

std::vector<double> tolerancesOf(const ScoreSettings& settings, int label) {
  if (settings.tolerance_per_class.empty()) return settings.tolerances;
  const auto at = static_cast<std::size_t>(label);
  if (at >= settings.tolerance_per_class.size())
    throw core::InputError("--tolerance", "class " + std::to_string(label) + " has none",
                           "give one for every class");
  return {settings.tolerance_per_class[at]};
}

DirectedDistances directed(const std::vector<SurfacePoint>& from, const std::vector<SurfacePoint>& to,
                           const std::array<double, 256>& weights, const core::Spacing& spacing) {
  DirectedDistances result;
  if (from.empty() || to.empty()) return result;
  result.distance = nearestDistances(from, to, spacing);
  result.weight.reserve(from.size());
  for (const SurfacePoint& point : from) result.weight.push_back(weights[point.code]);
  return result;
}

double percentile95(const DirectedDistances& distances, Surface surface) {
  return surface == Surface::voxel ? interpolatedPercentile95(distances) : weightedPercentile95(distances);
}

double largest(const DirectedDistances& distances) {
  return *std::max_element(distances.distance.begin(), distances.distance.end());
}

/// Method, "Scores": absent from both is not a number, absent from one has no finite distance and an NSD of
/// 0.
void fillWithoutDistances(ClassScore& score, std::size_t tolerances) {
  const bool absent = !score.inReference() && !score.inPrediction();
  score.nsd.assign(tolerances, absent ? kNotANumber : 0.0);
  score.hd95 = score.hd100 = score.assd = absent ? kNotANumber : kInfinity;
}

void fillDistances(ClassScore& score, const DirectedDistances& there, const DirectedDistances& back,
                   const ScoreSettings& settings) {
  const double total = totalWeight(there) + totalWeight(back);
  for (const double tolerance : tolerancesOf(settings, score.label))
    score.nsd.push_back((weightWithin(there, tolerance) + weightWithin(back, tolerance)) / total);
  score.hd95 = std::max(percentile95(there, settings.surface), percentile95(back, settings.surface));
  score.hd100 = std::max(largest(there), largest(back));
  score.assd = (weightedSum(there) + weightedSum(back)) / total;
}

/// One direction of one class: the unit in which distances are shared out over the threads.
struct Job {
  std::size_t label = 0;
  bool backwards = false;
  std::size_t points = 0;
  double bytes = 0;
};

/// Largest first, so that no thread is left with a large one at the end.
std::vector<Job> jobsOf(const Surfaces& reference, const Surfaces& prediction) {
  std::vector<Job> jobs;
  for (std::size_t j = 1; j < reference.size(); ++j)
    for (const bool backwards : {false, true})
      jobs.push_back({j, backwards, reference[j].size() + prediction[j].size(),
                      backwards ? bytesForDistances(prediction[j], reference[j])
                                : bytesForDistances(reference[j], prediction[j])});
  std::stable_sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.points > b.points; });
  return jobs;
}

/// Large volumes of many classes would need gigabytes if every thread had a job.
int threadsFor(const std::vector<Job>& jobs) {
  constexpr double kShareOfMemory = 0.8;
  std::vector<double> bytes;
  for (const Job& job : jobs) bytes.push_back(job.bytes);
  return jobsAtATime(bytes, kShareOfMemory * static_cast<double>(core::availableMemory()),
                     omp_get_max_threads());
}

}  // namespace

ClassScore absentClass(int label, std::size_t tolerances) {
  ClassScore score;
  score.label = label;
  score.dsc = kNotANumber;
  fillWithoutDistances(score, tolerances);
  return score;
}

std::vector<ClassScore> overlap(core::LabelView reference, core::LabelView prediction, int classes) {
  requireComparable(reference, prediction, classes);
  const auto counts = overlapCounts(reference, prediction, classes);
  std::vector<ClassScore> scores;
  for (std::size_t j = 1; j < counts.size(); ++j) {
    ClassScore score;
    score.label = static_cast<int>(j);
    score.true_positives = counts[j].both;
    score.false_positives = counts[j].prediction - counts[j].both;
    score.false_negatives = counts[j].reference - counts[j].both;
    const auto total = static_cast<double>(counts[j].reference + counts[j].prediction);
    score.dsc = total > 0 ? 2 * static_cast<double>(counts[j].both) / total : kNotANumber;
    score.hd95 = score.hd100 = score.assd = kNotANumber;
    scores.push_back(score);
  }
  return scores;
}

std::vector<ClassScore> score(core::LabelView reference, core::LabelView prediction, core::Spacing spacing,
                              int classes, const ScoreSettings& settings) {
  requireSpacing(spacing);
  requireTolerances(settings.tolerances);
  requireTolerances(settings.tolerance_per_class);
  std::vector<ClassScore> scores = overlap(reference, prediction, classes);
  const Surfaces of_reference = surfacePoints(reference, classes, settings.surface);
  const Surfaces of_prediction = surfacePoints(prediction, classes, settings.surface);
  const auto weights = pointWeights(settings.surface, spacing);
  const std::vector<Job> jobs = jobsOf(of_reference, of_prediction);
  std::vector<DirectedDistances> there(static_cast<std::size_t>(classes)), back(there.size());
  forEachJob(jobs.size(), reference.count() > 1 << 14 ? threadsFor(jobs) : 1, [&](std::size_t i) {
    const std::size_t j = jobs[i].label;
    if (jobs[i].backwards)
      back[j] = directed(of_prediction[j], of_reference[j], weights, spacing);
    else
      there[j] = directed(of_reference[j], of_prediction[j], weights, spacing);
  });
  for (ClassScore& s : scores) {
    const auto j = static_cast<std::size_t>(s.label);
    const std::size_t tolerances = tolerancesOf(settings, s.label).size();
    if (there[j].distance.empty())
      fillWithoutDistances(s, tolerances);
    else
      fillDistances(s, there[j], back[j], settings);
  }
  return scores;
}

}  // namespace rind::metrics
