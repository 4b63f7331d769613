#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rind/core/run_config.h"

namespace rind::core {

/// One setting of a run: the one description that the command line (`--key`), the worker, run.json and the
/// desktop share. Values may come as their JSON type or as text ("6", "0.5", "true").
struct Setting {
  std::string key;
  std::string help;
  /// Whether a running training takes it at its next step.
  bool live = false;
  std::function<void(RunConfig&, const nlohmann::json&)> read;
  std::function<nlohmann::json(const RunConfig&)> write;
};

/// In the order of the command line's documentation.
const std::vector<Setting>& settings();

/// Throws InputError naming an unknown key.
const Setting& setting(const std::string& key);

/// Applies `{key: value, …}`, then validates. Keys that are not settings throw InputError.
void applySettings(RunConfig& config, const nlohmann::json& changes);

/// The same changes with what a preset among them stands for spelled out; a key that is given beside it wins.
nlohmann::json withPresetsOpened(const nlohmann::json& changes);

/// `{key: value}` of those settings that differ.
nlohmann::json differences(const RunConfig& before, const RunConfig& after);

}  // namespace rind::core
