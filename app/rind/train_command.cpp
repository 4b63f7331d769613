#include <unistd.h>

#include <atomic>
#include <cmath>
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>

#include "commands.h"
#include "open_data.h"
#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "train_progress.h"

namespace rind::app {
namespace {

using nlohmann::json;

struct Options {
  GivenSettings given;
  std::string out;
  std::string config_file;
  std::string cache;
  bool resume = false;
  bool print_json = false;
};

std::atomic<int> signals{0};

void onSignal(int) {
  constexpr int kInterrupted = 3;
  if (++signals > 1) ::_exit(kInterrupted);
}

json readConfigFile(const std::string& file) {
  json content = json::parse(core::readFile(file), nullptr, false);
  if (content.is_object() && content.contains("config")) content = content["config"];  // a run.json
  if (!content.is_object())
    throw core::InputError(file, "is not a JSON object of settings",
                           "give a run.json, or {\"lambda\": 0.5} and the like");
  return content;
}

training::SessionSetup setupOf(const Options& options) {
  json settings = options.config_file.empty() ? json::object() : readConfigFile(options.config_file);
  settings.update(options.given);
  training::SessionSetup setup;
  setup.folder = options.out;
  setup.resume = options.resume;
  setup.open = dataOpener(options.cache);
  core::applySettings(setup.config, settings);
  if (options.resume)
    setup.changes = settings;
  else if (setup.config.data.empty())
    throw core::InputError("--data", "is missing", "give a folder, or phantom:amos");
  return setup;
}

json number(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

void printResult(const Options& options, const training::SessionResult& result) {
  json classes = json::array();
  for (const auto& c : result.classes)
    classes.push_back({{"class", c.index}, {"name", c.name}, {"dsc", number(c.dsc)}});
  const json summary = {
      {"run", options.out}, {"best_epoch", result.best_epoch}, {"mean_dsc", number(result.mean_dsc)},
      {"classes", classes}, {"steps", result.steps},           {"seconds", result.seconds}};
  if (options.print_json)
    std::cout << summary.dump() << std::endl;
  else
    std::cout << "best epoch " << result.best_epoch << ", mean DSC " << result.mean_dsc << ", "
              << result.steps << " steps in " << static_cast<long>(result.seconds) << " s: " << options.out
              << std::endl;
}

void run(const Options& options) {
  TrainProgress progress;
  auto setup = setupOf(options);
  setup.sink = [&progress](const messages::Event& event, const std::string&) { progress.show(event); };
  std::signal(SIGINT, onSignal);
  std::signal(SIGTERM, onSignal);
  training::Session session(std::move(setup));
  while (!session.ended()) {
    if (signals > 0) session.stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const auto result = session.wait();
  if (result.error) std::rethrow_exception(result.error);
  if (result.reason == "stopped")
    throw core::Interrupted("stopped; saved in " + options.out + "; go on with --resume");
  printResult(options, result);
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
  command->add_flag("--resume", options->resume, "go on from the last checkpoint");
  command->add_flag("--json", options->print_json, "one JSON object as the last line");
  command->callback([options] { run(*options); });
}

}  // namespace rind::app
