#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace rind::exporting {

// What may leave the machine that trained: names of cases and of folders may be patients'.

/// A run's settings with the last part of each path.
nlohmann::json shareableSettings(nlohmann::json config);

/// A description's provenance: settings and data with the last part of each path, the split as numbers of
/// cases. What it does not know stays as it is.
nlohmann::json shareableProvenance(nlohmann::json provenance);

/// A message with the last part of each absolute path, and "(not named)" for each case that the data's
/// description
/// ("data" in run.json) names in its split.
std::string shareableMessage(std::string text, const nlohmann::json& data);

}  // namespace rind::exporting
