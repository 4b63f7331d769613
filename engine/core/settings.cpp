#include "rind/core/settings.h"

#include <cmath>

#include "rind/core/error.h"
#include "rind/core/preprocessing.h"

namespace rind::core {
namespace {

using nlohmann::json;

std::string option(const std::string& key) {
  return "--" + key;
}

std::string textOf(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

double readNumber(const json& value, const std::string& key) {
  if (value.is_number()) return value.get<double>();
  const std::string text = textOf(value);
  std::size_t used = 0;
  double number = 0;
  try {
    number = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != text.size())
    throw InputError(option(key), "\"" + text + "\" is not a number", "give a number");
  return number;
}

std::int64_t readInteger(const json& value, const std::string& key) {
  const double number = readNumber(value, key);
  if (number != std::floor(number) || std::abs(number) > 9e15)
    throw InputError(option(key), "\"" + textOf(value) + "\" is not a whole number", "give a whole number");
  return static_cast<std::int64_t>(number);
}

bool readSwitch(const json& value, const std::string& key) {
  if (value.is_boolean()) return value.get<bool>();
  const std::string text = textOf(value);
  if (text == "true" || text == "1" || text == "on") return true;
  if (text == "false" || text == "0" || text == "off") return false;
  throw InputError(option(key), "\"" + text + "\" is neither true nor false", "write true or false");
}

template <class Owner, class T>
Setting numberSetting(std::string key, std::string help, bool live, Owner owner, T member) {
  return {key, std::move(help), live,
          [=](RunConfig& config, const json& value) {
            auto& field = owner(config).*member;
            using Field = std::remove_reference_t<decltype(field)>;
            if constexpr (std::is_floating_point_v<Field>)
              field = readNumber(value, key);
            else
              field = static_cast<Field>(readInteger(value, key));
          },
          [=](const RunConfig& config) -> json { return owner(const_cast<RunConfig&>(config)).*member; }};
}

template <class T>
Setting textSetting(std::string key, std::string help, T member) {
  return {std::move(key), std::move(help), false,
          [=](RunConfig& config, const json& value) { config.*member = textOf(value); },
          [=](const RunConfig& config) -> json { return config.*member; }};
}

RunConfig& whole(RunConfig& config) {
  return config;
}
LossSettings& loss(RunConfig& config) {
  return config.loss;
}
ContourSettings& contour(RunConfig& config) {
  return config.contour;
}

std::vector<Setting> lossSettings() {
  return {
      {"loss", "ce, cwce, dl, sdl, cwcd, gdl, dwce or cedl", true,
       [](RunConfig& c, const json& v) { c.loss.kind = parseLossKind(textOf(v)); },
       [](const RunConfig& c) -> json { return toString(c.loss.kind); }},
      {"preset", "CWCD as the paper's text or as the authors' code: paper or authors", true,
       [](RunConfig& c, const json& v) { c.loss.preset = parsePreset(textOf(v)); },
       [](const RunConfig& c) -> json { return toString(c.loss.preset); }},
      numberSetting("iterations", "erosions that make the contour band (n)", true, contour,
                    &ContourSettings::iterations),
      numberSetting("kernel", "edge of the eroding cube in voxels, odd (s)", true, contour,
                    &ContourSettings::kernel),
      numberSetting("lambda", "weight of the contour in the split Dice loss, 0 to 1", true, loss,
                    &LossSettings::lambda),
      numberSetting("alpha", "extra weight of contour voxels in the cross entropy", true, loss,
                    &LossSettings::alpha),
      {"epsilon", "smoothing of the Dice terms (1e-3; GDL 1e-8)", true,
       [](RunConfig& c, const json& v) {
         c.loss.epsilon = v.is_null() ? std::nullopt : std::optional<double>(readNumber(v, "epsilon"));
       },
       [](const RunConfig& c) -> json { return c.loss.epsilon ? json(*c.loss.epsilon) : json(nullptr); }},
      {"border", "what lies outside the volume: zero (another class) or replicate (the same)", true,
       [](RunConfig& c, const json& v) { c.contour.border = parseBorder(textOf(v)); },
       [](const RunConfig& c) -> json { return toString(c.contour.border); }},
      {"include-background", "the background's own band weighs in the cross entropy too", true,
       [](RunConfig& c, const json& v) {
         c.contour.include_background = readSwitch(v, "include-background");
       },
       [](const RunConfig& c) -> json { return c.contour.include_background; }},
      {"adaptive", "thickness by class: off, share:Q or inradius:F", true,
       [](RunConfig& c, const json& v) { c.contour.adaptive = parseAdaptive(textOf(v)); },
       [](const RunConfig& c) -> json { return toString(c.contour.adaptive); }},
      numberSetting("w0", "DWCE: weight between two near borders", true, loss, &LossSettings::w0),
      numberSetting("sigma", "DWCE: reach of that weight in voxels", true, loss, &LossSettings::sigma),
  };
}

std::vector<Setting> trainingSettings() {
  return {
      textSetting("data", "folder of the data set, or phantom:amos", &RunConfig::data),
      textSetting("network", "unet, vnet, deeplabv3 or unetr", &RunConfig::network),
      numberSetting("base-channels", "channels of the first level", false, whole, &RunConfig::base_channels),
      numberSetting("epochs", "passes over the training cases", true, whole, &RunConfig::epochs),
      numberSetting("steps", "stop after this many optimiser steps (0: by epochs)", false, whole,
                    &RunConfig::steps),
      numberSetting("batch", "patches a step", false, whole, &RunConfig::batch),
      {"patch", "training patch DxHxW (default: the median case, up to 64x128x128)", false,
       [](RunConfig& c, const json& v) {
         c.patch = v.is_null() ? std::nullopt : std::optional(parseExtent(textOf(v), "--patch"));
       },
       [](const RunConfig& c) -> json { return c.patch ? json(toString(*c.patch)) : json(nullptr); }},
      {"spacing", "resample to ZxYxX millimetres (default: the images' own)", false,
       [](RunConfig& c, const json& v) {
         c.spacing = v.is_null() ? std::nullopt : std::optional(parseSpacing(textOf(v), "--spacing"));
       },
       [](const RunConfig& c) -> json { return c.spacing ? json(toString(*c.spacing)) : json(nullptr); }},
      textSetting("protocol", "preprocessing and patch: auto (suits the data), amos or brats (the paper's)",
                  &RunConfig::protocol),
      {"interpolation", "of images: linear or bspline (default: the protocol's)", false,
       [](RunConfig& c, const json& v) {
         c.interpolation = v.is_null() ? "" : toString(parseInterpolation(textOf(v)));
       },
       [](const RunConfig& c) -> json {
         return c.interpolation.empty() ? json(nullptr) : json(c.interpolation);
       }},
      {"crop", "none, nonzero, DxHxW (d: all), or nonzero,DxHxW (default: the protocol's)", false,
       [](RunConfig& c, const json& v) { c.crop = v.is_null() ? "" : toString(parseCrop(textOf(v))); },
       [](const RunConfig& c) -> json { return c.crop.empty() ? json(nullptr) : json(c.crop); }},
      numberSetting("lr", "learning rate of Adam", true, whole, &RunConfig::learning_rate),
      numberSetting("weight-decay", "L2 penalty of Adam (authors' code: 5e-4)", false, whole,
                    &RunConfig::weight_decay),
      textSetting("schedule", "learning rate: paper (halved at 40 % and 80 %), cosine or constant",
                  &RunConfig::schedule),
      numberSetting("rotate", "probability of a rotation by up to 15 degrees", true, whole,
                    &RunConfig::rotate),
      numberSetting("flip", "probability of a flip of each in-plane axis", true, whole, &RunConfig::flip),
      numberSetting("seed", "seed of every random choice", false, whole, &RunConfig::seed),
      textSetting("split",
                  "file with the cases to train and to validate with (FILE:fold), or fold/folds as in 0/5",
                  &RunConfig::split),
      numberSetting("validation", "share of the cases kept for validation", false, whole,
                    &RunConfig::validation),
      textSetting("device", "auto, cpu or cuda[:I]", &RunConfig::device),
      textSetting("precision", "auto, fp32 or bf16", &RunConfig::precision),
      numberSetting("threads", "processor threads (0: all)", false, whole, &RunConfig::threads),
  };
}

}  // namespace

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = [] {
    auto table = lossSettings();
    for (auto& entry : trainingSettings()) table.push_back(std::move(entry));
    return table;
  }();
  return all;
}

const Setting& setting(const std::string& key) {
  for (const auto& entry : settings())
    if (entry.key == key) return entry;
  throw InputError(option(key), "is not a setting", "see rind train --help for those there are");
}

void applySettings(RunConfig& config, const json& changes) {
  if (!changes.is_object())
    throw InputError("settings", "are not a JSON object", "give {\"lambda\": 0.5} or the like");
  RunConfig changed = config;
  for (const auto& [key, value] : changes.items()) setting(key).read(changed, value);
  validate(changed);
  config = changed;
}

json differences(const RunConfig& before, const RunConfig& after) {
  json changes = json::object();
  for (const auto& entry : settings())
    if (entry.write(before) != entry.write(after)) changes[entry.key] = entry.write(after);
  return changes;
}

}  // namespace rind::core
