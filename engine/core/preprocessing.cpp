#include "rind/core/preprocessing.h"

#include <array>
#include <utility>

#include "rind/core/error.h"

namespace rind::core {
namespace {

constexpr std::array<std::pair<Normalisation, const char*>, 3> kNames = {
    {{Normalisation::zscore, "zscore"},
     {Normalisation::zscore_nonzero, "zscore_nonzero"},
     {Normalisation::ct, "ct"}}};

}  // namespace

void to_json(nlohmann::json& json, const Preprocessing& preprocessing) {
  json = nlohmann::json::object();
  for (const auto& [normalisation, name] : kNames)
    if (normalisation == preprocessing.normalisation) json["normalisation"] = name;
  json["spacing"] = nullptr;
  if (preprocessing.spacing)
    json["spacing"] = {preprocessing.spacing->z, preprocessing.spacing->y, preprocessing.spacing->x};
}

void from_json(const nlohmann::json& json, Preprocessing& preprocessing) {
  preprocessing = {};
  const std::string given = json.value("normalisation", "zscore");
  bool known = false;
  for (const auto& [normalisation, name] : kNames)
    if (given == name) preprocessing.normalisation = normalisation, known = true;
  if (!known)
    throw InputError("normalisation", "\"" + given + "\" is not known", "use zscore, zscore_nonzero or ct");
  if (const auto at = json.find("spacing"); at != json.end() && !at->is_null())
    preprocessing.spacing = Spacing{at->at(0), at->at(1), at->at(2)};
  if (const auto& spacing = preprocessing.spacing)
    for (const double step : {spacing->z, spacing->y, spacing->x})
      if (!(step >= 1e-3 && step <= 1e3))
        throw InputError("spacing", std::to_string(step) + " mm is no spacing", "give millimetres");
}

}  // namespace rind::core
