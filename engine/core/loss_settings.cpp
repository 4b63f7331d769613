#include "rind/core/loss_settings.h"

#include <array>
#include <cmath>
#include <sstream>

#include "rind/core/error.h"

namespace rind::core {
namespace {

struct KindName {
  LossKind kind;
  const char* name;
};

constexpr std::array<KindName, 8> kKinds = {{{LossKind::ce, "ce"},
                                             {LossKind::cwce, "cwce"},
                                             {LossKind::dl, "dl"},
                                             {LossKind::sdl, "sdl"},
                                             {LossKind::cwcd, "cwcd"},
                                             {LossKind::gdl, "gdl"},
                                             {LossKind::dwce, "dwce"},
                                             {LossKind::cedl, "cedl"}}};

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

void require(bool holds, const std::string& option, double value, const std::string& range) {
  if (!holds || !std::isfinite(value))
    throw InputError(option, number(value) + " is outside " + range, "give a value in " + range);
}

}  // namespace

void validate(const LossSettings& settings) {
  require(settings.lambda >= 0 && settings.lambda <= 1, "--lambda", settings.lambda, "[0, 1]");
  require(settings.alpha >= 0, "--alpha", settings.alpha, "[0, infinity)");
  require(settings.effectiveEpsilon() > 0, "--epsilon", settings.effectiveEpsilon(), "(0, infinity)");
  require(settings.w0 >= 0, "--w0", settings.w0, "[0, infinity)");
  require(settings.sigma > 0, "--sigma", settings.sigma, "(0, infinity)");
}

LossKind parseLossKind(const std::string& text) {
  std::string names;
  for (const auto& [kind, name] : kKinds) {
    if (text == name) return kind;
    names += std::string(names.empty() ? "" : ", ") + name;
  }
  throw InputError("--loss", "\"" + text + "\" is not a loss", "choose one of " + names);
}

std::string toString(LossKind kind) {
  for (const auto& entry : kKinds)
    if (entry.kind == kind) return entry.name;
  return "unknown";
}

const std::vector<LossKind>& allLossKinds() {
  static const std::vector<LossKind> kinds = [] {
    std::vector<LossKind> all;
    all.reserve(std::size(kKinds));
    for (const auto& entry : kKinds) all.push_back(entry.kind);
    return all;
  }();
  return kinds;
}

Preset parsePreset(const std::string& text) {
  if (text == "paper") return Preset::paper;
  if (text == "authors") return Preset::authors;
  throw InputError("--preset", "\"" + text + "\" is not a preset", "write paper, authors or recommended");
}

std::string toString(Preset preset) {
  return preset == Preset::paper ? "paper" : "authors";
}

}  // namespace rind::core
