#include <cstdio>
#include <iostream>
#include <memory>

#include "commands.h"
#include "output_places.h"
#include "rind/core/error.h"
#include "rind/losses/array_loss.h"

namespace rind::app {
namespace {

struct Options {
  std::string logits;
  std::string labels;
  std::string gradient;
  std::string precision = "fp64";
  GivenSettings given;
  bool json = false;
};

losses::Precision precisionOf(const std::string& text) {
  if (text == "fp32") return losses::Precision::fp32;
  if (text == "fp64") return losses::Precision::fp64;
  throw core::InputError("--precision", "\"" + text + "\" is not a precision of a loss",
                         "write fp32 or fp64");
}

/// The same error, naming the file instead of the array.
core::InputError namingFile(const core::InputError& error, const Options& options) {
  const std::string& where = error.where();
  const std::string file = where == "logits" ? options.logits : where == "labels" ? options.labels : where;
  return {file, error.problem(), error.remedy()};
}

losses::ArrayLoss lossOf(const Options& options) {
  const core::RunConfig config = configOf(options.given);
  const losses::ArrayLossSettings settings{config.loss, config.contour, precisionOf(options.precision),
                                           !options.gradient.empty()};
  const core::NpyArray logits = core::readNpy(options.logits);
  const core::NpyArray labels = core::readNpy(options.labels);
  try {
    return losses::lossOfArrays(logits, labels, settings);
  } catch (const core::InputError& error) {
    throw namingFile(error, options);
  }
}

void run(const Options& options) {
  if (!options.gradient.empty() && std::filesystem::path(options.gradient).extension() != ".npy")
    throw core::InputError("--gradient", "\"" + options.gradient + "\" is not a .npy",
                           "end its name with .npy");
  requireOwnPlaces({options.logits, options.labels}, {{"--gradient", options.gradient}});
  const losses::ArrayLoss loss = lossOf(options);
  if (!options.gradient.empty())
    core::writeNpy(options.gradient, loss.gradient.type, loss.gradient.shape, loss.gradient.bytes.data());
  if (!options.json) {
    std::printf("%.17g\n", loss.value);
    return;
  }
  nlohmann::json terms = nlohmann::json::object();
  for (const auto& [name, value] : loss.terms) terms[name] = value;
  std::cout << nlohmann::json{{"value", loss.value}, {"terms", terms}}.dump() << "\n";
}

}  // namespace

void addLossCommand(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("loss", "Compute a loss, and its gradient, of logits and labels");
  command->add_option("--logits", options->logits, "[B, C, D, H, W], .npy")->required();
  command->add_option("--labels", options->labels, "[B, D, H, W], .npy; contours are made from them")
      ->required();
  command->add_option("--gradient", options->gradient, "write the gradient by the logits to this .npy");
  command->add_option("--precision", options->precision, "fp32 (the code that training runs) or fp64");
  command->add_flag("--json", options->json, "one JSON object as the last line");
  addSettings(*command, lossKeys(), options->given);
  command->callback([options] { run(*options); });
}

}  // namespace rind::app
