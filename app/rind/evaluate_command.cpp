#include <algorithm>
#include <iostream>
#include <memory>

#include "commands.h"
#include "compact_labels.h"
#include "evaluation_pairs.h"
#include "output_places.h"
#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/text.h"
#include "rind/datasets/volume_writing.h"
#include "rind/metrics/regions.h"
#include "rind/metrics/score_table.h"
#include "tolerances.h"

namespace rind::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string reference, prediction, output;
  std::string tolerance = "1";
  std::string surface = "surfel";
  std::string spacing;
  std::string regions;
  int classes = 0;
  bool resample = false;
  bool json = false;
};

/// A pair on one grid, with labels as the files store them.
struct LoadedPair {
  core::Volume<std::int32_t> reference, prediction;
  core::Spacing spacing;
};

std::optional<core::Spacing> npySpacing(const Options& options) {
  if (options.spacing.empty()) return std::nullopt;
  return core::parseSpacing(options.spacing, "--spacing");
}

/// An array knows no place in the patient.
void requireGeometry(const EvaluationPair& pair) {
  for (const fs::path& file : {pair.reference, pair.prediction})
    if (datasets::volumeExtension(file) == ".npy")
      throw core::InputError(file.string(), "has no geometry to resample by",
                             "give a .nii.gz or .nrrd file, or leave out --resample");
}

LoadedPair load(const EvaluationPair& pair, const Options& options) {
  if (options.resample) requireGeometry(pair);
  datasets::LabelFile reference = datasets::readLabels(pair.reference, npySpacing(options));
  datasets::LabelFile prediction = datasets::readLabels(pair.prediction, npySpacing(options));
  const bool only_prediction_knows = pair.reference.extension() == ".npy" && options.spacing.empty();
  const core::Spacing spacing =
      only_prediction_knows ? prediction.geometry.spacing : reference.geometry.spacing;
  if (options.resample)
    prediction.labels = resampleNearest(prediction, reference.geometry);
  else
    requireSameGrid(pair, reference, prediction);
  return {std::move(reference.labels), std::move(prediction.labels), spacing};
}

/// A class of nnU-Net's that is a list of values.
void takeRegion(const std::string& name, const nlohmann::json& values, std::map<int, std::string>& names,
                std::map<int, std::size_t>& sizes) {
  for (const auto& one : values) {
    if (!one.is_number_integer()) continue;
    const int value = one.get<int>();
    if (sizes.contains(value) && values.size() >= sizes[value]) continue;
    names[value] = name;
    sizes[value] = values.size();
  }
}

/// Names of classes from a dataset.json (Decathlon's or nnU-Net's way round) beside the reference or its
/// folder.
std::map<int, std::string> classNames(const fs::path& reference) {
  std::map<int, std::string> names;
  std::map<int, std::size_t> sizes;  // of nnU-Net's regions: the smallest that holds a value names it
  for (const fs::path& folder : {reference, reference.parent_path(), reference.parent_path().parent_path()}) {
    if (!fs::is_regular_file(folder / "dataset.json")) continue;
    const auto json = nlohmann::json::parse(core::readFile(folder / "dataset.json"), nullptr, false);
    if (!json.is_object() || !json.contains("labels") || !json["labels"].is_object()) continue;
    for (const auto& [key, value] : json["labels"].items()) {
      if (value.is_number_integer()) names[value.get<int>()] = key;
      if (value.is_array()) takeRegion(key, value, names, sizes);
      if (value.is_string() && key.find_first_not_of("0123456789") == std::string::npos && key.size() < 6)
        names[std::stoi(key)] = value;
    }
    return names;
  }
  return names;
}

/// The labels to score, [0] the background: all from 1 to the largest where they are small, as classes are
/// numbered; those that occur where they are not.
std::vector<std::int32_t> labelsOf(const LoadedPair& pair, const EvaluationPair& files, int classes) {
  auto values = foregroundValues(pair.reference, files.reference.string());
  const auto others = foregroundValues(pair.prediction, files.prediction.string());
  values.insert(values.end(), others.begin(), others.end());
  values.push_back(0);
  const std::int32_t most =
      std::max(*std::max_element(values.begin(), values.end()), std::int32_t{classes} - 1);
  if (classes > 0 && most >= classes)
    throw core::InputError("--classes",
                           "there is a label " + std::to_string(most) + " in " + files.name +
                               ", so there are more than " + std::to_string(classes),
                           "give at least " + std::to_string(most + 1) + ", or leave it out");
  if (most <= 255)
    for (std::int32_t label = 1; label < most; ++label) values.push_back(label);
  values.push_back(most);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.size() > 256)
    throw core::InputError(files.prediction.string(), "reference and prediction hold more than 255 labels",
                           "give label maps, not images");
  return values;
}

metrics::CaseScores scoreClasses(const EvaluationPair& files, const LoadedPair& pair, const Options& options,
                                 const Tolerances& tolerances, const std::map<int, std::string>& names) {
  const std::vector<std::int32_t> labels = labelsOf(pair, files, options.classes);
  metrics::ScoreSettings settings;
  settings.surface = metrics::parseSurface(options.surface);
  settings.tolerances = tolerances.for_all;
  settings.tolerance_per_class = tolerancePerClass(tolerances, labels, names);
  metrics::CaseScores scores = {files.name, {}};
  scores.classes = metrics::score(classesOf(pair.reference, labels), classesOf(pair.prediction, labels),
                                  pair.spacing, static_cast<int>(labels.size()), settings);
  for (metrics::ClassScore& s : scores.classes) s.label = labels[static_cast<std::size_t>(s.label)];
  return scores;
}

core::LabelVolume brats(const core::Volume<std::int32_t>& labels, const std::string& file) {
  const auto values = foregroundValues(labels, file);
  if (!values.empty() && values.back() > 4)
    throw core::InputError(file,
                           "it holds the label " + std::to_string(values.back()) + ", which BraTS has not",
                           "leave out --regions");
  return classesOf(labels, {0, 1, 2, 3, 4});
}

metrics::CaseScores scoreBrats(const EvaluationPair& files, const LoadedPair& pair, const Options& options,
                               const Tolerances& tolerances, const std::map<int, std::string>& names) {
  metrics::ScoreSettings settings;
  settings.surface = metrics::parseSurface(options.surface);
  settings.tolerances = tolerances.for_all;
  settings.tolerance_per_class = tolerancePerClass(tolerances, {0, 1, 2, 3}, names);
  return {files.name, metrics::scoreRegions(brats(pair.reference, files.reference.string()),
                                            brats(pair.prediction, files.prediction.string()), pair.spacing,
                                            metrics::bratsRegions(), settings)};
}

std::map<int, std::string> regionNames() {
  std::map<int, std::string> names;
  for (const metrics::Region& region : metrics::bratsRegions())
    names[static_cast<int>(names.size()) + 1] = region.name;
  return names;
}

/// A class that some case has is scored in all: those in which nobody has it get not-a-number.
void addAbsentClasses(metrics::ScoreTable& table) {
  std::map<int, std::size_t> labels;
  for (const auto& one : table.cases)
    for (const auto& s : one.classes) labels[s.label] = s.nsd.size();
  for (auto& one : table.cases)
    for (const auto& [label, tolerances] : labels) {
      const auto here = [&, wanted = label](const metrics::ClassScore& s) { return s.label == wanted; };
      if (std::any_of(one.classes.begin(), one.classes.end(), here)) continue;
      one.classes.push_back(metrics::absentClass(label, tolerances));
    }
}

/// A file's name may have bytes that are no UTF-8.
std::string jsonText(const metrics::ScoreTable& table, int indent) {
  return core::jsonText(metrics::toJson(table), indent) + "\n";
}

/// Beside "scores.csv"; empty for other formats.
fs::path summaryBeside(const fs::path& output) {
  if (output.extension() != ".csv") return {};
  return output.parent_path() / (output.stem().string() + "_summary.csv");
}

void write(const fs::path& output, const metrics::ScoreTable& table) {
  const fs::path summary = summaryBeside(output);
  if (summary.empty()) return core::writeFileWhole(output, jsonText(table, 1));
  core::writeFileWhole(output, metrics::toCsv(table));
  core::writeFileWhole(summary, metrics::summaryToCsv(table));
}

void requireUsage(const Options& options) {
  const fs::path extension = fs::path(options.output).extension();
  if (extension != ".csv" && extension != ".json")
    throw core::InputError("--output", "\"" + options.output + "\" is neither .csv nor .json",
                           "give one of them");
  if (!options.regions.empty() && options.regions != "brats")
    throw core::InputError("--regions", "\"" + options.regions + "\" is not known", "use brats");
  requireOwnPlaces({options.reference, options.prediction, options.tolerance},
                   {{"--output", options.output}, {"--output", summaryBeside(options.output)}});
  (void)metrics::parseSurface(options.surface);
  (void)npySpacing(options);
}

void run(const Options& options) {
  requireUsage(options);
  const Tolerances tolerances = parseTolerances(options.tolerance);
  const EvaluationPairs found = findPairs(options.reference, options.prediction);
  const bool regions = !options.regions.empty();
  metrics::ScoreTable table;
  table.surface = metrics::parseSurface(options.surface);
  table.tolerances = tolerances.for_all;
  table.names = regions ? regionNames() : classNames(options.reference);
  if (regions) metrics::requireBratsNumbers(classNames(options.reference));
  table.unmatched = found.unmatched;
  for (const EvaluationPair& pair : found.pairs) {
    const LoadedPair loaded = load(pair, options);
    table.cases.push_back(
        (regions ? scoreBrats : scoreClasses)(pair, loaded, options, tolerances, table.names));
  }
  addAbsentClasses(table);
  write(options.output, table);
  for (const std::string& file : table.unmatched)
    std::cerr << "rind: warning: " << file << " has no partner\n";
  if (options.json)
    std::cout << jsonText(table, -1);
  else
    std::cout << metrics::summaryToText(table);
}

}  // namespace

void addEvaluateCommand(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("evaluate", "Score predictions against references");
  command->add_option("--reference", options->reference, "label map, or folder of them")->required();
  command
      ->add_option("--prediction", options->prediction, "label map, or folder with files of the same names")
      ->required();
  command->add_option("--output", options->output, "scores.csv (and scores_summary.csv) or scores.json")
      ->required();
  command->add_option("--tolerance", options->tolerance,
                      "NSD tolerances in mm, or a .json or .csv file with one for each class");
  command->add_option("--surface", options->surface, "voxel (MONAI's) or surfel (DeepMind's)");
  command->add_option("--spacing", options->spacing, "ZxYxX in mm, for .npy");
  command->add_option("--regions", options->regions, "brats: score WT, TC and ET");
  command
      ->add_option("--classes", options->classes,
                   "number of classes with background, where the last ones may be absent")
      ->check(CLI::Range(1, 256));
  command->add_flag("--resample", options->resample,
                    "bring the prediction to the reference's grid (nearest neighbour)");
  command->add_flag("--json", options->json, "one JSON object as the last line");
  command->callback([options] { run(*options); });
}

}  // namespace rind::app
