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

/// An extent of a crop: "d" or a number of voxels.
std::int64_t cropExtent(const std::string& text, const std::string& whole) {
  if (text == "d" || text == "0") return 0;
  const bool digits =
      !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits)
    throw InputError("--crop", "\"" + whole + "\" is no crop",
                     "give none, nonzero, DxHxW as in dx256x256, or nonzero,128x160x160");
  return std::stoll(text);
}

Extent3 cropExtents(const std::string& text) {
  const auto first = text.find('x');
  const auto second = text.find('x', first == std::string::npos ? first : first + 1);
  if (second == std::string::npos) cropExtent("", text);
  return {cropExtent(text.substr(0, first), text),
          cropExtent(text.substr(first + 1, second - first - 1), text),
          cropExtent(text.substr(second + 1), text)};
}

}  // namespace

Crop parseCrop(const std::string& text) {
  Crop crop;
  std::string rest = text == "none" ? "" : text;
  if (rest.rfind("nonzero", 0) == 0) {
    crop.nonzero = true;
    rest.erase(0, 7);
    if (!rest.empty() && rest.front() != ',') cropExtent("", text);
    if (!rest.empty()) rest.erase(0, 1);
  } else if (text.empty()) {
    cropExtent("", text);
  }
  if (!rest.empty()) crop.size = cropExtents(rest);
  return crop;
}

std::string toString(const Crop& crop) {
  std::string text = crop.nonzero ? "nonzero" : "";
  if (!(crop.size == Extent3{})) {
    const auto axis = [](std::int64_t extent) { return extent ? std::to_string(extent) : std::string("d"); };
    text += (text.empty() ? "" : ",") + axis(crop.size.z) + "x" + axis(crop.size.y) + "x" + axis(crop.size.x);
  }
  return text.empty() ? "none" : text;
}

Interpolation parseInterpolation(const std::string& text) {
  if (text == "linear") return Interpolation::linear;
  if (text == "bspline") return Interpolation::bspline;
  throw InputError("--interpolation", "\"" + text + "\" is not known", "choose linear or bspline");
}

std::string toString(Interpolation interpolation) {
  return interpolation == Interpolation::linear ? "linear" : "bspline";
}

void to_json(nlohmann::json& json, const Preprocessing& preprocessing) {
  json = nlohmann::json::object();
  for (const auto& [normalisation, name] : kNames)
    if (normalisation == preprocessing.normalisation) json["normalisation"] = name;
  json["spacing"] = nullptr;
  if (preprocessing.spacing)
    json["spacing"] = {preprocessing.spacing->z, preprocessing.spacing->y, preprocessing.spacing->x};
  json["interpolation"] = toString(preprocessing.interpolation);
  json["labels"] = "linear by class, then the largest";
  json["crop"] = toString(preprocessing.crop);
  if (preprocessing.normalisation == Normalisation::ct) json["clip_percentiles"] = {0.5, 99.5};
}

void from_json(const nlohmann::json& json, Preprocessing& preprocessing) {
  preprocessing = {};
  const std::string given = json.value("normalisation", "zscore");
  bool known = false;
  for (const auto& [normalisation, name] : kNames)
    if (given == name) preprocessing.normalisation = normalisation, known = true;
  if (!known)
    throw InputError("normalisation", "\"" + given + "\" is not known", "use zscore, zscore_nonzero or ct");
  preprocessing.interpolation = parseInterpolation(json.value("interpolation", "linear"));
  preprocessing.crop = parseCrop(json.value("crop", "none"));
  if (const auto at = json.find("spacing"); at != json.end() && !at->is_null())
    preprocessing.spacing = Spacing{at->at(0), at->at(1), at->at(2)};
  if (const auto& spacing = preprocessing.spacing)
    for (const double step : {spacing->z, spacing->y, spacing->x})
      if (!(step >= 1e-3 && step <= 1e3))
        throw InputError("spacing", std::to_string(step) + " mm is no spacing", "give millimetres");
}

}  // namespace rind::core
