#include "rind/exporting/model_card.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "rind/core/text.h"
#include "rind/core/version.h"
#include "rind/exporting/run_history.h"
#include "rind/exporting/shareable.h"
#include "rind/networks/network.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string number(double value, const char* format = "%.4f") {
  if (!std::isfinite(value)) return "–";
  char text[40];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// Text that cannot break out of its cell.
std::string cell(std::string text) {
  std::string safe;
  for (const char c : text) safe += c == '|' ? std::string("\\|") : std::string(1, c == '\n' ? ' ' : c);
  return safe;
}

std::string rows(const json& object) {
  std::string lines;
  for (const auto& [key, value] : object.items())
    lines += "| " + cell(key) + " | " + cell(core::textOf(value)) + " |\n";
  return lines;
}

std::string normalisationOf(core::Normalisation normalisation) {
  switch (normalisation) {
    case core::Normalisation::zscore_nonzero:
      return "each channel: (y − mean)/deviation of its voxels that are not 0; the others stay 0";
    case core::Normalisation::ct:
      return "each channel: clipped to its own 0.5 and 99.5 percentiles, then (y − mean)/deviation";
    case core::Normalisation::zscore:
      break;
  }
  return "each channel: (y − mean)/deviation of all its voxels";
}

std::string channelsOf(const ModelDescription& description) {
  std::string names;
  for (const auto& channel : description.channels) names += (names.empty() ? "" : ", ") + channel;
  return std::to_string(description.network.in_channels) + " (" + names + ")";
}

/// What a prediction is cropped to; training may have cropped more.
std::string croppingOf(const core::Crop& crop) {
  return crop.nonzero ? "the box of voxels that are not 0 in some channel; background outside it" : "nothing";
}

std::string weightsOf(const TrainedNetwork& run) {
  return run.weights + (run.hasBestWeights() ? ", the best epoch's" : ", not the best epoch's");
}

std::string useSection(const TrainedNetwork& run, const ExportNotes& notes) {
  const auto& d = run.description;
  const auto& spacing = d.preprocessing.spacing;
  std::string text = "| | |\n|---|---|\n";
  text += "| authors | " + cell(stated(notes.authors)) + " |\n";
  text += "| licence | " + cell(stated(notes.licence)) + " |\n";
  text += "| intended use | research; not a medical device, not for diagnosis |\n";
  text += "| network | " + networks::networkInfo(d.network.name).title + ", " +
          std::to_string(d.network.base_channels) + " kernels first, " +
          std::to_string(networks::parameterCount(*run.network)) + " parameters |\n";
  text += "| weights | " + weightsOf(run) + " |\n";
  text += "| input | channels: " + cell(channelsOf(d)) + "; axes z, y, x as the file stores them |\n";
  text += "| grid | " + (spacing ? core::toString(*spacing) + " mm (z, y, x)" : "each image's own") + " |\n";
  text += "| intensities | " + normalisationOf(d.preprocessing.normalisation) + " |\n";
  text += "| cropped to | " + croppingOf(d.preprocessing.crop) + " |\n";
  text += "| trained with | patches of " + core::toString(d.network.patch) + " voxels (z, y, x) |\n";
  text +=
      "| window | " + core::toString(d.window) + " voxels (z, y, x), overlap 0.5, Gaussian importance |\n";
  text += "\n| class | value in files | name |\n|---|---|---|\n";
  for (std::size_t c = 0; c < d.labels.size(); ++c)
    text += "| " + std::to_string(c) + " | " + std::to_string(d.labels[c].value) + " | " +
            cell(d.labels[c].name) + " |\n";
  return text;
}

/// The data's description without lists of cases: their counts say enough, their names may be patients'.
std::string dataSection(const json& data) {
  std::string text = "| | |\n|---|---|\n";
  for (const char* key : {"name", "layout"})
    if (data.contains(key)) text += "| " + std::string(key) + " | " + cell(core::textOf(data[key])) + " |\n";
  const auto split = data.value("split", json::object());
  for (const char* side : {"training", "validation"})
    if (split.contains(side))
      text += "| cases for " + std::string(side) + " | " + std::to_string(split[side].size()) + " |\n";
  const auto fingerprint = data.find("fingerprint");
  if (fingerprint == data.end()) return text + "| fingerprint | not recorded by this run |\n";
  if (!fingerprint->is_object()) return text + "| fingerprint | " + cell(core::textOf(*fingerprint)) + " |\n";
  return text + "\nFingerprint:\n\n| | |\n|---|---|\n" + rows(*fingerprint);
}

/// Paths are of the machine that trained: their last part is what a reader can use.
std::string settingsSection(const json& config) {
  return "| setting | value |\n|---|---|\n" + rows(shareableSettings(config));
}

std::string changesSection(const RunHistory& history) {
  std::string text;
  for (const auto& change : history.changes)
    for (const auto& [key, value] : change.settings.items())
      text += "| " + std::to_string(change.after_step) + " | " + cell(key) + " | " +
              cell(core::textOf(value)) + " |\n";
  if (text.empty()) return "None: the settings above held from the first step to the last.\n";
  return "| after step | setting | new value |\n|---|---|---|\n" + text;
}

/// Mean DSC as a line of bars, one an epoch, from 0 to 1.
std::string sparkline(const std::vector<RunHistory::Epoch>& epochs) {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string line;
  for (const auto& epoch : epochs) {
    const double height = std::isfinite(epoch.mean_dsc) ? std::clamp(epoch.mean_dsc, 0.0, 1.0) : 0.0;
    line += kBars[static_cast<std::size_t>(std::lround(height * 7))];
  }
  return line;
}

std::string curveSection(const RunHistory& history) {
  constexpr std::size_t kMostRows = 60;
  const auto& epochs = history.epochs;
  if (epochs.empty()) return "No epoch was recorded.\n";
  const std::size_t stride = (epochs.size() + kMostRows - 1) / kMostRows;
  std::string text = "Mean DSC by epoch, 0 to 1: " + sparkline(epochs) +
                     "\n\n| epoch | loss | mean DSC, validation | |\n|---|---|---|---|\n";
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    const auto& epoch = epochs[i];
    if (i % stride != 0 && !epoch.best && i + 1 != epochs.size()) continue;
    text += "| " + std::to_string(epoch.number) + " | " + number(epoch.loss) + " | " +
            number(epoch.mean_dsc) + " | " + (epoch.best ? "best so far" : "") + " |\n";
  }
  return text;
}

std::string withDeviation(const RunHistory::ClassScores::Score& score, const char* format = "%.4f") {
  return number(score.mean, format) + " ± " + number(score.deviation, format);
}

std::string scoresSection(const RunHistory& history, bool of_these_weights) {
  if (history.scores.empty()) return "The run holds no scores.\n";
  std::string text =
      "On the validation cases, with the best epoch's weights; mean ± standard deviation over cases.\n\n"
      "| class | name | cases | DSC | failures | DSC without failures | NSD 1 mm | HD95 mm | ASSD mm |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  double sum = 0, without = 0;
  int counted = 0, finished = 0;
  for (const auto& s : history.scores) {
    text += "| " + std::to_string(s.label) + " | " + cell(s.name) + " | " + std::to_string(s.cases) + " | " +
            withDeviation(s.dsc) + " | " + std::to_string(s.failures) + " | " +
            number(s.mean_dsc_without_failures) + " | " + withDeviation(s.nsd) + " | " +
            withDeviation(s.hd95, "%.2f") + " | " + withDeviation(s.assd, "%.2f") + " |\n";
    if (std::isfinite(s.dsc.mean)) sum += s.dsc.mean, ++counted;
    if (std::isfinite(s.mean_dsc_without_failures)) without += s.mean_dsc_without_failures, ++finished;
  }
  text += "\nMean over classes: DSC " + number(sum / counted) + " with failures counted as 0, " +
          number(without / finished) + " with failures left out.\n";
  if (!of_these_weights)
    text += "\nThis model has other weights than the best epoch's, so these scores are not its own.\n";
  return text +
         "\nConventions: DSC = 2·TP/(2·TP + FP + FN). Surfaces are surface elements (DeepMind's "
         "surface-distance): corners\nweighted by area. NSD is the share of both surfaces within the "
         "tolerance; HD95 the larger of the two directed 95th\npercentiles; ASSD pools both directions. A "
         "class absent from reference and prediction is not counted; absent from one\nonly, its DSC and NSD "
         "are 0 and its distances infinite, which means leave out.\n";
}

std::string versionsSection(const RunHistory& history) {
  std::string text = "| | |\n|---|---|\n" + rows(history.run.value("versions", json::object()));
  return text + "| exported by | rind " + core::kVersion + " |\n";
}

/// A case that was left out is named in its warning: here it counts.
std::string warningsSection(const RunHistory& history) {
  const auto data = history.run.value("data", json::object());
  std::string text;
  std::size_t left_out = 0;
  for (const auto& warning : history.warnings)
    if (warning.starts_with("left out: "))
      ++left_out;
    else
      text += "- " + shareableMessage(warning, data) + "\n";
  if (left_out > 0)
    text += "- cases that could not be used were left out (" + std::to_string(left_out) + ")\n";
  return text.empty() ? text : "\n## Warnings during training\n\n" + text;
}

}  // namespace

std::string stated(const std::string& text) {
  return text.empty() ? "not stated" : text;
}

std::string modelName(const TrainedNetwork& run) {
  const auto folder = fs::absolute(run.folder).lexically_normal();
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

std::string foregroundNames(const ModelDescription& description) {
  std::string names;
  for (std::size_t c = 1; c < description.labels.size(); ++c)
    names += (names.empty() ? "" : ", ") + description.labels[c].name;
  return names;
}

std::string modelCard(const TrainedNetwork& run, const ExportNotes& notes) {
  const RunHistory history = readRunHistory(run.folder);
  const auto part = [&](const char* key) { return history.run.value(key, json::object()); };
  return "# Model card: " + modelName(run) + "\n\nSegments " + foregroundNames(run.description) +
         ".\n\n## Use, input and output\n\n" + useSection(run, notes) + "\n## Data\n\n" +
         dataSection(part("data")) + "\n## Settings\n\n" + settingsSection(part("config")) +
         "\n## Changes made during training\n\n" + changesSection(history) + "\n## Training curve\n\n" +
         curveSection(history) + "\n## Scores\n\n" + scoresSection(history, run.hasBestWeights()) +
         warningsSection(history) + "\n## Versions\n\n" + versionsSection(history);
}

}  // namespace rind::exporting
