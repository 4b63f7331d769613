#include "rind/core/setting_rows.h"

namespace rind::core {

using nlohmann::json;

std::vector<Setting> lossSettings() {
  return {
      {"loss", "ce, cwce, dl, sdl, cwcd, gdl, dwce or cedl", true,
       [](RunConfig& c, const json& v) { c.loss.kind = parseLossKind(textOf(v)); },
       [](const RunConfig& c) -> json { return toString(c.loss.kind); }},
      {"preset", "paper, authors (their code's loss and weight decay) or recommended (docs/training.md)",
       true, [](RunConfig& c, const json& v) { c.loss.preset = parsePreset(textOf(v)); },
       [](const RunConfig& c) -> json { return toString(c.loss.preset); }},
      numberSetting("iterations", "erosions that make the contour band (n)", true, contourOf,
                    &ContourSettings::iterations),
      numberSetting("kernel", "edge of the eroding cube in voxels, odd (s)", true, contourOf,
                    &ContourSettings::kernel),
      numberSetting("lambda", "weight of the contour in the split Dice loss, 0 to 1", true, lossOf,
                    &LossSettings::lambda),
      numberSetting("alpha", "extra weight of contour voxels in the cross entropy", true, lossOf,
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
      numberSetting("w0", "DWCE: weight between two near borders", true, lossOf, &LossSettings::w0),
      numberSetting("sigma", "DWCE: reach of that weight in voxels", true, lossOf, &LossSettings::sigma),
  };
}

}  // namespace rind::core
