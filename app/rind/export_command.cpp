#include <iostream>
#include <memory>

#include "commands.h"
#include "output_places.h"
#include "rind/core/text.h"
#include "rind/exporting/export_formats.h"

namespace rind::app {
namespace {

struct Options {
  std::string model;
  std::string format;
  std::string output;
  exporting::ExportNotes notes;
  bool json = false;
};

void run(const Options& options) {
  requireOwnPlaces({options.model}, {{"--output", options.output}});
  const std::string warning =
      exporting::exportRun(options.model, options.format, options.output, options.notes);
  if (!warning.empty()) std::cerr << "rind: warning: " << warning << "\n";
  if (options.json)
    // A file's name may be in any encoding.
    std::cout << core::jsonText(nlohmann::json{{"output", options.output}, {"format", options.format}})
              << "\n";
  else
    std::cout << options.output << "\n";
}

}  // namespace

void addExportCommand(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("export", "Write a run's best network in a format that others read");
  std::string formats;
  for (const auto& format : core::modelFormats()) formats += (formats.empty() ? "" : ", ") + format.name;
  command->add_option("--model", options->model, "run folder")->required();
  command->add_option("--format", options->format, formats)->required();
  command->add_option("--output", options->output, "file to write, or folder for a bundle; replaced whole")
      ->required();
  command->add_option("--authors", options->notes.authors, "who made the model, for cards and bundles");
  command->add_option("--license", options->notes.licence, "the model's licence, for cards and bundles");
  command->add_flag("--json", options->json, "one JSON object as the last line");
  command->callback([options] { run(*options); });
}

}  // namespace rind::app
