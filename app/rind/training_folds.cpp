#include <cmath>
#include <filesystem>
#include <iostream>
#include <optional>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/training/run_folder.h"
#include "stop_on_signal.h"
#include "training_run.h"

namespace rind::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path foldFolder(const FoldPlan& plan, int fold) {
  return fs::path(plan.out) / ("fold_" + std::to_string(fold));
}

json summaryOf(const std::string& out, const json& folds) {
  double sum = 0, squares = 0;
  for (const auto& fold : folds) {
    const double dsc = fold["mean_dsc"].is_number() ? fold["mean_dsc"].get<double>() : std::nan("");
    sum += dsc;
    squares += dsc * dsc;
  }
  const auto count = static_cast<double>(folds.size());
  const double mean = sum / count;
  const double variance = std::max(0.0, (squares - count * mean * mean) / std::max(1.0, count - 1));
  return {
      {"run", out}, {"mean_dsc", number(mean)}, {"deviation", number(std::sqrt(variance))}, {"folds", folds}};
}

std::optional<core::RunConfig> configIn(const fs::path& run) {
  if (!fs::exists(run / "run.json")) return std::nullopt;
  return training::RunFolder::readDescription(run).at("config").get<core::RunConfig>();
}

/// What a fold that has not begun starts with: the settings of those that have, and what is given now.
core::RunConfig configOfBegunFolds(const FoldPlan& plan) {
  for (int fold = 0; fold < plan.folds; ++fold)
    if (auto config = configIn(foldFolder(plan, fold))) {
      core::applySettings(*config, plan.setup.changes);
      return *config;
    }
  throw core::InputError(plan.out, "holds no fold to go on with", "leave --resume out, or check the folder");
}

}  // namespace

json trainFolds(const FoldPlan& plan) {
  const fs::path out = plan.out;
  core::requireWritableFolder(out);
  json folds = json::array();
  for (int fold = 0; fold < plan.folds; ++fold) {
    if (fold > 0 && signalsSoFar() > 0)
      throw core::Interrupted(plan.out + ": stopped before fold " + std::to_string(fold + 1) +
                              "; it can be resumed with --resume");
    training::SessionSetup setup = plan.setup;
    setup.folder = foldFolder(plan, fold);
    setup.resume = plan.resume && fs::exists(setup.folder / "run.json");
    if (plan.resume && !setup.resume) {
      setup.config = configOfBegunFolds(plan);
      setup.changes = json::object();
    }
    if (!setup.resume) setup.config.split = std::to_string(fold) + "/" + std::to_string(plan.folds);
    std::cerr << "fold " << fold + 1 << " of " << plan.folds << std::endl;
    const std::string folder = setup.folder.string();
    folds.push_back(toJson(trainInForeground(std::move(setup)), folder));
  }
  const json summary = summaryOf(plan.out, folds);
  core::writeFileWhole(out / "folds.json", summary.dump(1) + "\n");
  return summary;
}

}  // namespace rind::app
