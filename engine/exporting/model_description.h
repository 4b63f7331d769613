#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rind/core/label_set.h"
#include "rind/core/preprocessing.h"
#include "rind/networks/network_settings.h"

namespace rind::exporting {

/// What is needed to use a trained network on an image it has not seen: "model" in run.json, "rind.json" in
/// exports.
struct ModelDescription {
  networks::NetworkSettings network;
  core::Preprocessing preprocessing;
  core::LabelSet labels;
  /// The window to predict with, [z, y, x].
  core::Extent3 window;
  /// The image channels' names, in the network's order.
  std::vector<std::string> channels;
  /// Where it comes from: data fingerprint, configuration, scores.
  nlohmann::json provenance = nlohmann::json::object();
};

void to_json(nlohmann::json& json, const ModelDescription& description);

/// "rind.json" of an exported file: the description without names of cases and folders (shareable.h), in
/// valid UTF-8.
std::string exportedDescription(const ModelDescription& description);

/// Throws nlohmann::json::exception where a key is missing or of another type, InputError where a value is
/// wrong.
void from_json(const nlohmann::json& json, ModelDescription& description);

}  // namespace rind::exporting
