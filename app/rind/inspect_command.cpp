#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <memory>

#include "commands.h"
#include "rind/core/error.h"
#include "rind/core/text.h"
#include "rind/datasets/check.h"
#include "rind/datasets/folds.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/quiet_standard_error.h"

namespace rind::app {
namespace {

using nlohmann::json;

struct InspectOptions {
  std::string data;
  bool as_json = false;
  bool tells_progress = false;
  bool clear_cache = false;
  std::string cache;
  std::string save_split;
  int folds = 0;
  GivenSettings given;
};

json asJson(const datasets::DataSet& data, const datasets::CheckReport& report) {
  json out = {{"layout", data.layout},
              {"name", data.name},
              {"channels", data.channels},
              {"cases", json::array()},
              {"problems", json::array()}};
  for (const auto& label : data.labels)
    out["labels"].push_back({{"value", label.value}, {"name", label.name}});
  for (const auto& facts : report.cases) {
    json entry = {{"id", facts.id},
                  {"geometry", facts.geometry},
                  {"orientation", facts.orientation},
                  {"channels", facts.channels},
                  {"intensity", {facts.lowest, facts.highest}}};
    if (facts.has_labels) entry["voxels"] = facts.voxels_per_class, entry["band_share"] = facts.band_share;
    out["cases"].push_back(entry);
  }
  for (const auto& problem : report.problems)
    out["problems"].push_back({{"severity", datasets::toString(problem.severity)},
                               {"case", problem.case_id.empty() ? json() : json(problem.case_id)},
                               {"file", problem.file.empty() ? json() : json(problem.file)},
                               {"what", problem.sentence()},
                               {"remedy", problem.remedy}});
  out["preprocessing"] = data.preprocessing;
  return out;
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void print(const datasets::DataSet& data, const datasets::CheckReport& report) {
  std::cout << data.name << ": layout " << data.layout << ", " << counted(data.cases.size(), "case") << ", "
            << counted(data.labels.size() - 1, "structure") << "\n";
  std::cout << std::setprecision(6);
  for (const auto& facts : report.cases) {
    const auto& spacing = facts.geometry.spacing;
    std::cout << "  " << facts.id << "  " << core::toString(facts.geometry.size) << "  " << spacing.z << "x"
              << spacing.y << "x" << spacing.x << " mm  " << facts.orientation << "  [" << facts.lowest
              << ", " << facts.highest << "]";
    if (facts.has_labels)
      for (std::size_t k = 1; k < data.labels.size(); ++k)
        if (facts.voxels_per_class[k] > 0)
          std::cout << "  " << data.labels[k].name << " " << facts.voxels_per_class[k] << " ("
                    << std::lround(100 * facts.band_share[k]) << " % band)";
    std::cout << "\n";
  }
  for (const auto& problem : report.problems)
    std::cout << datasets::toString(problem.severity) << ": "
              << (problem.case_id.empty() ? data.name : problem.case_id) << ": " << problem.sentence() << "; "
              << problem.remedy << "\n";
  if (report.problems.empty()) std::cout << "no problems\n";
}

std::function<void(std::size_t, std::size_t, const std::string&)> progressOf(const InspectOptions& options) {
  const bool is_terminal = ::isatty(STDERR_FILENO) != 0;
  if (!is_terminal && !options.tells_progress) return {};
  return [is_terminal](std::size_t done, std::size_t all, const std::string&) {
    const bool ends = done == all || !is_terminal;
    datasets::writeToStandardError((is_terminal ? "\r" : "") + std::string("checked ") +
                                   std::to_string(done) + " of " + std::to_string(all) + (ends ? "\n" : ""));
  };
}

void failOnErrors(const datasets::DataSet& data, const datasets::CheckReport& report) {
  if (!report.hasErrors()) return;
  const auto& first = report.problems.front();
  const std::string where = first.case_id.empty() ? data.name : first.case_id;
  throw core::InputError(first.file.empty() ? where : first.file, first.what, first.remedy);
}

/// The split that a training with these settings takes, or all folds, as nnU-Net's splits_final.json.
void saveSplit(const datasets::DataSet& data, const core::RunConfig& config, const InspectOptions& options) {
  const auto splits =
      options.folds != 0
          ? datasets::makeFolds(data, options.folds, config.seed)
          : std::vector{datasets::chooseSplit(data, config.split, config.validation, config.seed)};
  datasets::writeSplits(options.save_split, splits);
  std::cout << "wrote " << splits.size() << (splits.size() == 1 ? " split to " : " folds to ")
            << options.save_split << "\n";
}

std::filesystem::path cacheOf(const InspectOptions& options) {
  return options.cache.empty() ? datasets::defaultCacheFolder() : std::filesystem::path(options.cache);
}

void runInspect(const InspectOptions& options) {
  if (options.clear_cache) {
    const auto cache = cacheOf(options);
    const auto bytes = datasets::cacheBytes(cache);
    datasets::clearCache(cache);
    std::cout << "removed " << bytes / 1'000'000 << " MB of prepared cases from " << cache.string() << "\n";
    if (options.data.empty()) return;
  }
  if (options.data.empty())
    throw core::InputError("--data", "is missing", "name a folder, a file or phantom:amos");
  const core::RunConfig config = configOf(options.given);
  const datasets::DataSet data = datasets::openDataSet(options.data);
  if (!options.save_split.empty()) saveSplit(data, config, options);
  const auto report = datasets::check(data, config.contour, progressOf(options), config.threads);
  print(data, report);
  const auto cache = cacheOf(options);
  const auto bytes = datasets::cacheBytes(cache);
  std::cout << "prepared cases of all data sets take " << bytes / 1'000'000 << " MB in " << cache.string()
            << " (--clear-cache removes them)\n";
  if (options.as_json) {
    json out = asJson(data, report);
    out["cache"] = {{"folder", cache.string()}, {"bytes", bytes}};
    std::cout << core::jsonText(out) << "\n";
  }
  std::cout.flush();
  failOnErrors(data, report);
}

}  // namespace

void addInspectCommand(CLI::App& app) {
  auto* command = app.add_subcommand(
      "inspect", "Say what a data set is, what its cases hold, and what is wrong with them");
  auto options = std::make_shared<InspectOptions>();
  command->add_option("--data", options->data, "a folder, a volume, or phantom:amos");
  command->add_flag("--json", options->as_json, "the last line of the output is one JSON object");
  command->add_flag("--progress", options->tells_progress,
                    "say how far it is, a line a case, also where standard error is no terminal");
  command->add_flag("--clear-cache", options->clear_cache, "remove all prepared cases");
  command->add_option("--cache", options->cache, "where prepared cases are kept");
  command->add_option("--save-split", options->save_split,
                      "write the split as nnU-Net's splits_final.json; with --folds, all folds");
  command->add_option("--folds", options->folds, "folds to write, the cases of one patient in one of them");
  auto keys = contourKeys();
  keys.insert(keys.end(), {"split", "validation", "seed", "threads"});
  addSettings(*command, keys, options->given);
  command->callback([options] { runInspect(*options); });
}

}  // namespace rind::app
