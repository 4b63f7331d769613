#include <unistd.h>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>

#include "commands.h"
#include "output_places.h"
#include "prediction_pipeline.h"
#include "prediction_tasks.h"
#include "prediction_writing.h"
#include "rind/core/error.h"
#include "rind/core/text.h"
#include "rind/datasets/label_description.h"
#include "rind/datasets/volume_io.h"
#include "rind/exporting/channel_order.h"
#include "rind/exporting/loaded_model.h"
#include "rind/training/device.h"

namespace rind::app {
namespace {

using core::InputError;

struct Options {
  std::string model;
  PredictionPlaces places;
  std::string label_description;
  inference::SlidingWindow window;
  GivenSettings given;
  bool probabilities = false;
  bool json = false;
};

exporting::LoadedModel loadedModel(const Options& options, const training::Compute& compute) {
  auto model = exporting::loadModel(options.model, compute.device);
  datasets::requireWritableValues(model.description.labels);
  model.forward = [forward = std::move(model.forward), compute](const at::Tensor& image) {
    const training::Precision precision(compute);
    return forward(image);
  };
  return model;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void requirePlaces(const Options& options, const std::vector<PredictionTask>& tasks) {
  std::vector<std::filesystem::path> inputs = {options.model};
  std::vector<OutputPlace> outputs = {{"--label-description", options.label_description}};
  for (const auto& task : tasks) {
    inputs.insert(inputs.end(), task.files.images.begin(), task.files.images.end());
    outputs.emplace_back("--output", task.output);
    if (options.probabilities) outputs.emplace_back("--output", probabilitiesBeside(task.output));
  }
  requireOwnPlaces(inputs, outputs);
}

/// Names of files may be in any encoding; JSON is UTF-8.
void report(const Options& options, const std::vector<PredictedCase>& cases) {
  if (!options.json) return;
  nlohmann::json list = nlohmann::json::array();
  for (const auto& one : cases) {
    nlohmann::json entry = {{"case", one.id}};
    if (one.error.empty()) entry["output"] = one.output.string();
    if (!one.error.empty()) entry["error"] = one.error;
    list.push_back(std::move(entry));
  }
  std::cout << core::jsonText(nlohmann::json{{"cases", list}}) << "\n";
}

/// One bad image ends with what was wrong with it; of several, each was told when it came.
void requireAllPredicted(const Options& options, const std::vector<PredictedCase>& cases) {
  std::size_t failed = 0;
  for (const auto& one : cases) failed += one.error.empty() ? 0 : 1;
  if (failed == 0) return;
  if (cases.size() == 1) std::rethrow_exception(cases.front().exception);
  throw InputError(
      options.places.input,
      std::to_string(failed) + " of " + std::to_string(cases.size()) + " images could not be predicted",
      "see the lines above");
}

void run(const Options& options) {
  if (!datasets::isWritableVolume("x" + options.places.format))
    throw InputError("--format", "\"" + options.places.format + "\" is not known",
                     "use nii.gz, nii, nrrd, seg.nrrd, mha or npy");
  const core::RunConfig config = configOf(options.given);
  if (config.threads > 0) at::set_num_threads(config.threads);
  const training::Compute compute = training::chooseCompute(config.device, config.precision);
  const auto model = loadedModel(options, compute);
  if (!model.warning.empty()) std::cerr << "rind: warning: " << model.warning << "\n";
  const auto [tasks, channels] = predictionTasks(options.places, model.description.network.in_channels);
  requirePlaces(options, tasks);
  if (exporting::isOtherOrder(model.description.channels, channels))
    std::cerr << "rind: warning: " << options.places.input << ": its channels are in the order "
              << joined(channels) << ", the model's are " << joined(model.description.channels)
              << "; bring them into the model's order\n";
  if (!options.label_description.empty())
    datasets::writeLabelDescription(options.label_description, model.description.labels);
  PredictionSettings settings;
  settings.window = options.window;
  settings.window.window = model.description.window;
  settings.probabilities = options.probabilities;
  settings.say_outputs = !options.json;
  settings.compute = compute;
  const auto cases = predictAll(model, tasks, settings);
  report(options, cases);
  requireAllPredicted(options, cases);
}

}  // namespace

void addPredictCommand(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("predict", "Segment images with a trained model");
  command->add_option("--model", options->model, "run folder, or a file by rind export")->required();
  command->add_option("--input", options->places.input, "image, DICOM folder, or folder of images")
      ->required();
  command
      ->add_option("--output", options->places.output,
                   "label map (.seg.nrrd for 3D Slicer's segmentations), or a folder for one an image")
      ->required();
  command
      ->add_option_function<std::string>(
          "--format",
          [options](const std::string& text) {
            options->places.format = text.empty() || text[0] == '.' ? text : "." + text;
          },
          "of files in an output folder: nii.gz, nii, nrrd, seg.nrrd, mha, npy")
      ->default_str("nii.gz");
  command->add_option("--label-description", options->label_description,
                      "write names and colours of the labels too, as ITK-SNAP reads them");
  command
      ->add_option("--overlap", options->window.overlap,
                   "share that neighbouring windows have in common, 0 to 0.99")
      ->check(CLI::Range(0.0, 0.99));
  command->add_option("--batch", options->window.batch, "windows a forward pass")->check(CLI::Range(1, 1024));
  command->add_flag("--mirror", options->window.mirror,
                    "average over mirror images too (eight times the work)");
  command->add_flag("--probabilities", options->probabilities,
                    "write NAME_probabilities too: all classes, on the image's grid");
  addSettings(*command, {"device", "precision", "threads"}, options->given);
  command->add_flag("--json", options->json, "one JSON object as the last line");
  command->callback([options] { run(*options); });
}

}  // namespace rind::app
