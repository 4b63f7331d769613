#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "rind/core/label_set.h"
#include "rind/core/prepared_case.h"
#include "rind/core/preprocessing.h"

namespace rind::training {

/// A run's cases, ready. Made by whoever knows data sets (the engine does not).
struct TrainingData {
  core::LabelSet labels;
  std::vector<std::string> channels;
  core::Preprocessing preprocessing;
  /// The patch of the protocol that was chosen; none leaves it to the cases' sizes.
  std::optional<core::Extent3> patch;
  std::shared_ptr<const core::CaseSource> training;
  std::shared_ptr<const core::CaseSource> validation;
  /// Goes into run.json as "data": path, layout, split, fingerprint.
  nlohmann::json description = nlohmann::json::object();
};

}  // namespace rind::training
