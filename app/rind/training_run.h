#pragma once

#include <nlohmann/json.hpp>

#include "rind/training/session.h"

namespace rind::app {

/// Trains in the foreground with progress on standard error. SIGINT and SIGTERM stop it, saved, and throw
/// core::Interrupted; a second one ends the process at once. Throws what the training failed with.
training::SessionResult trainInForeground(training::SessionSetup setup);

/// null where it is not finite.
nlohmann::json number(double value);

/// A result as --json shows it.
nlohmann::json toJson(const training::SessionResult& result, const std::string& folder);

struct FoldPlan {
  int folds = 5;
  std::string out;
  /// Settings, data and replay of every fold.
  training::SessionSetup setup;
  bool resume = false;
};

/// Cross-validation: a run in OUT/fold_K for each fold, one after the other. With
/// `resume`, folds that have begun are gone on with. Returns the result as --json shows it: mean and standard
/// deviation of the folds' mean DSC, and each fold's result.
nlohmann::json trainFolds(const FoldPlan& plan);

}  // namespace rind::app
