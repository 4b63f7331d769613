#include "rind/training/validation.h"

#include <cmath>
#include <optional>

#include "rind/core/case_error.h"

namespace rind::training {
namespace {

std::optional<core::PreparedCase> opened(const core::CaseSource& cases, std::size_t index,
                                         const ValidationPlan& plan) {
  try {
    return cases.open(index);
  } catch (const core::InputError& error) {
    const core::InputError named = core::namingCase(cases.id(index), error);
    if (!plan.left_out) throw named;
    plan.left_out(named.what());
    return std::nullopt;
  }
}

}  // namespace

std::vector<ValidatedCase> validate(const inference::Forward& forward, const core::CaseSource& cases,
                                    const ValidationPlan& plan) {
  std::vector<ValidatedCase> validated;
  for (std::size_t i = 0; i < cases.count(); ++i) {
    const auto prepared = opened(cases, i, plan);
    if (!prepared) continue;
    inference::Watch watch;
    watch.cancelled = plan.cancelled;
    ValidatedCase result{prepared->id, prepared->geometry};
    result.prediction = inference::predictLabels(
        forward, {prepared->image, prepared->channels, prepared->size()}, plan.classes, plan.window, watch);
    result.scores = metrics::overlap(prepared->labels, result.prediction, plan.classes);
    result.prepared = *prepared;
    validated.push_back(std::move(result));
    if (plan.progress) plan.progress(i + 1, cases.count());
  }
  return validated;
}

std::vector<messages::ClassScore> classMeans(const std::vector<ValidatedCase>& cases,
                                             const core::LabelSet& labels) {
  std::vector<messages::ClassScore> means;
  for (std::size_t c = 1; c < labels.size(); ++c) {
    double sum = 0;
    int count = 0;
    for (const auto& validated : cases) {
      const double dsc = validated.scores.at(c - 1).dsc;
      if (std::isnan(dsc)) continue;
      sum += dsc;
      ++count;
    }
    means.push_back({static_cast<int>(c), labels[c].name, count ? sum / count : std::nan("")});
  }
  return means;
}

double meanOf(const std::vector<messages::ClassScore>& classes) {
  double sum = 0;
  int count = 0;
  for (const auto& c : classes) {
    if (std::isnan(c.dsc)) continue;
    sum += c.dsc;
    ++count;
  }
  return count ? sum / count : std::nan("");
}

}  // namespace rind::training
