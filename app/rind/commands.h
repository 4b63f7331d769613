#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rind/core/run_config.h"

namespace rind::app {

// One file a command: each adds its subcommand with the options it takes and a callback that runs it.
void addTrainCommand(CLI::App& app);
void addPredictCommand(CLI::App& app);
void addEvaluateCommand(CLI::App& app);
void addContourCommand(CLI::App& app);
void addLossCommand(CLI::App& app);
void addExportCommand(CLI::App& app);
void addInspectCommand(CLI::App& app);
void addWorkerCommand(CLI::App& app);

/// `{key: value}` of the settings that were given on the command line, filled while it is parsed.
using GivenSettings = nlohmann::json;

/// Adds `--key` for each of the named settings (core/settings.h). `given` must outlive the parse.
void addSettings(CLI::App& command, const std::vector<std::string>& keys, GivenSettings& given);

/// The settings of the contour, and of the losses with it.
const std::vector<std::string>& contourKeys();
const std::vector<std::string>& lossKeys();

/// Defaults with `given` applied and validated. Throws InputError naming the option.
core::RunConfig configOf(const GivenSettings& given);

}  // namespace rind::app
