#include "rind/exporting/model_description.h"

#include "rind/core/error.h"
#include "rind/core/text.h"
#include "rind/exporting/shareable.h"

namespace rind::exporting {
namespace {

using nlohmann::json;

json labelJson(const core::Label& label) {
  return {{"value", label.value}, {"name", label.name}, {"colour", label.colour}};
}

core::Label labelFrom(const json& in) {
  return {.value = in.at("value"), .name = in.at("name"), .colour = in.at("colour")};
}

/// Beyond these, memory would be asked for that no machine has.
void requireSensible(const ModelDescription& description) {
  constexpr std::int64_t kLongest = 4096, kMostVoxels = std::int64_t{1} << 30;
  const auto& w = description.window;
  for (const std::int64_t extent : {w.z, w.y, w.x})
    if (extent < 1 || extent > kLongest || w.voxels() > kMostVoxels)
      throw core::InputError("window", core::toString(w) + " is no window", "give positive numbers");
  if (static_cast<int>(description.labels.size()) != description.network.classes)
    throw core::InputError("labels",
                           std::to_string(description.labels.size()) + " labels do not name " +
                               std::to_string(description.network.classes) + " classes",
                           "name each class once");
}

}  // namespace

void to_json(json& out, const ModelDescription& description) {
  json labels = json::array();
  for (const auto& label : description.labels) labels.push_back(labelJson(label));
  const auto& window = description.window;
  out = {{"format", "rind-model-1"},
         {"network", description.network},
         {"preprocessing", description.preprocessing},
         {"labels", labels},
         {"window", {window.z, window.y, window.x}},
         {"channels", description.channels},
         {"provenance", description.provenance}};
}

std::string exportedDescription(const ModelDescription& description) {
  json out = description;
  out["provenance"] = shareableProvenance(description.provenance);
  return core::jsonText(out, 1);
}

void from_json(const json& in, ModelDescription& description) {
  const auto& window = in.at("window");
  description = {.network = in.at("network").get<networks::NetworkSettings>(),
                 .preprocessing = in.at("preprocessing").get<core::Preprocessing>(),
                 .window = {window.at(0), window.at(1), window.at(2)},
                 .channels = in.at("channels"),
                 .provenance = in.value("provenance", json::object())};
  for (const auto& label : in.at("labels")) description.labels.push_back(labelFrom(label));
  requireSensible(description);
}

}  // namespace rind::exporting
