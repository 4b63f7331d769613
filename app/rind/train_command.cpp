#include <iostream>
#include <memory>

#include "commands.h"
#include "open_data.h"
#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/datasets/absolute_source.h"
#include "training_run.h"

namespace rind::app {
namespace {

using nlohmann::json;

struct Options {
  GivenSettings given;
  std::string out;
  std::string config_file;
  std::string cache;
  std::string replay;
  int folds = 0;
  bool resume = false;
  bool print_json = false;
};

json readConfigFile(const std::string& file) {
  json content = json::parse(core::readFile(file), nullptr, false);
  if (content.is_object() && content.contains("config")) content = content["config"];  // a run.json
  if (!content.is_object())
    throw core::InputError(file, "is not a JSON object of settings",
                           "give a run.json, or {\"lambda\": 0.5} and the like");
  try {
    core::RunConfig config;
    core::applySettings(config, content);
  } catch (const core::InputError& error) {
    throw core::InputError(file,
                           error.where().substr(error.where().find_first_not_of('-')) + " " + error.problem(),
                           error.remedy());
  }
  return content;
}

training::SessionSetup setupOf(const Options& options) {
  json settings = options.config_file.empty() ? json::object() : readConfigFile(options.config_file);
  // A preset that is given sets all that it stands for, over the file's own keys.
  settings.update(core::withPresetsOpened(options.given));
  training::SessionSetup setup;
  setup.folder = options.out;
  setup.resume = options.resume;
  setup.open = dataOpener(options.cache);
  if (!options.replay.empty()) setup.replay = training::recordedChanges(options.replay);
  core::applySettings(setup.config, settings);
  setup.config.data = datasets::absoluteSource(setup.config.data);
  if (settings.contains("data")) settings["data"] = setup.config.data;
  if (options.resume)
    setup.changes = settings;
  else if (setup.config.data.empty())
    throw core::InputError("--data", "is missing", "give a folder, or phantom:amos");
  return setup;
}

void printLine(const json& result) {
  const auto dsc = [&result] {
    return result["mean_dsc"].is_number() ? std::to_string(result["mean_dsc"].get<double>()) : "unknown";
  };
  if (result.contains("folds"))
    std::cout << result["folds"].size() << " folds, mean DSC " << dsc() << ": "
              << result["run"].get<std::string>() << std::endl;
  else
    std::cout << "best epoch " << result["best_epoch"] << ", mean DSC " << dsc() << ", " << result["steps"]
              << " steps in " << static_cast<long>(result["seconds"].get<double>())
              << " s: " << result["run"].get<std::string>() << std::endl;
}

void run(const Options& options) {
  training::SessionSetup setup = setupOf(options);
  const json result = options.folds > 0
                          ? trainFolds({options.folds, options.out, std::move(setup), options.resume})
                          : toJson(trainInForeground(std::move(setup)), options.out);
  if (options.print_json)
    std::cout << result.dump() << std::endl;
  else
    printLine(result);
}

}  // namespace

void addTrainCommand(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("train", "Train a network into a run folder");
  std::vector<std::string> keys;
  for (const auto& setting : core::settings()) keys.push_back(setting.key);
  addSettings(*command, keys, options->given);
  command->add_option("--out", options->out, "run folder to make (or, with --resume, to go on with)")
      ->required();
  command->add_option("--config", options->config_file, "settings from a file; a run.json will do");
  command->add_option("--cache", options->cache, "where prepared cases are kept");
  command->add_option("--replay", options->replay,
                      "an events.jsonl: its changes of settings are made again at the same steps");
  command
      ->add_option("--folds", options->folds,
                   "cross-validation: one run a fold, in OUT/fold_0, OUT/fold_1, ...")
      ->check(CLI::Range(2, 100));
  command->add_flag("--resume", options->resume, "go on from the last checkpoint");
  command->add_flag("--json", options->print_json, "one JSON object as the last line");
  command->callback([options] { run(*options); });
}

}  // namespace rind::app
