#include "training_run.h"

#include <cmath>
#include <exception>
#include <stdexcept>
#include <thread>

#include "rind/core/error.h"
#include "stop_on_signal.h"
#include "train_progress.h"

namespace rind::app {

using nlohmann::json;

json number(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

namespace {

/// An error of input as it was thrown; else the session's own sentence.
[[noreturn]] void throwFailureOf(const training::SessionResult& result) {
  try {
    std::rethrow_exception(result.error);
  } catch (const core::InputError&) {
    throw;
  } catch (...) {
    throw std::runtime_error(result.text);
  }
}

}  // namespace

training::SessionResult trainInForeground(training::SessionSetup setup) {
  TrainProgress progress;
  const std::string folder = setup.folder.string();
  setup.sink = [&progress](const messages::Event& event, const std::string&) { progress.show(event); };
  countSignals();
  training::Session session(std::move(setup));
  while (!session.ended()) {
    if (signalsSoFar() > 0) session.stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  auto result = session.wait();
  if (result.error) throwFailureOf(result);
  if (result.reason == "stopped")
    throw core::Interrupted("stopped in " + folder + ": " + result.text +
                            (result.resumable ? " with --resume" : ""));
  return result;
}

nlohmann::json toJson(const training::SessionResult& result, const std::string& folder) {
  nlohmann::json classes = nlohmann::json::array();
  for (const auto& c : result.classes)
    classes.push_back({{"class", c.index}, {"name", c.name}, {"dsc", number(c.dsc)}});
  return {{"run", folder},      {"best_epoch", result.best_epoch}, {"mean_dsc", number(result.mean_dsc)},
          {"classes", classes}, {"steps", result.steps},           {"seconds", result.seconds}};
}

}  // namespace rind::app
