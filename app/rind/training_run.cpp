#include "training_run.h"

#include <cmath>
#include <thread>

#include "rind/core/error.h"
#include "stop_on_signal.h"
#include "train_progress.h"

namespace rind::app {

using nlohmann::json;

json number(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

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
  if (result.error) std::rethrow_exception(result.error);
  if (result.reason == "stopped")
    throw core::Interrupted("stopped in " + folder + ": " + result.text + " with --resume");
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
