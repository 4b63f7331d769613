#include "rind/core/recipes.h"

#include "rind/core/setting_rows.h"

namespace rind::core {

using nlohmann::json;

namespace {

// Beside all that belongs to the loss and its contour.
const char* const kTrainingKeys[] = {
    "batch",    "accumulate", "lr",        "optimiser",  "momentum", "weight-decay",
    "schedule", "warm-up",    "clip",      "average",    "patience", "rotate",
    "flip",     "scale",      "intensity", "foreground", "patch",    "deep-supervision"};

}  // namespace

const std::vector<std::string>& recipeNames() {
  static const std::vector<std::string> names = {"paper", "authors", "recommended"};
  return names;
}

json presetSettings(const std::string& name) {
  if (name == "paper") return {{"weight-decay", 0}};
  if (name == "authors") return {{"weight-decay", 5e-4}};
  if (name == "recommended")
    return {{"preset", "paper"},    {"loss", "cedl"},  {"batch", 4},    {"lr", 2e-3},   {"weight-decay", 0},
            {"schedule", "cosine"}, {"average", 0.99}, {"rotate", 0.3}, {"scale", 0.3}, {"intensity", 0.2}};
  return json::object();
}

json recipe(const std::string& name) {
  RunConfig config;
  applySettings(config, {{"preset", name}});
  json values = json::object();
  for (const auto& entry : lossSettings()) values[entry.key] = entry.write(config);
  for (const char* key : kTrainingKeys) values[key] = setting(key).write(config);
  return values;
}

}  // namespace rind::core
