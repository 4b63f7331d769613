#include "rind/exporting/export_formats.h"

#include <map>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/exporting/model_card.h"
#include "rind/exporting/monai_bundle.h"
#include "rind/exporting/onnx.h"
#include "rind/exporting/torchscript.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using core::InputError;

void writeTorchScript(const TrainedNetwork& run, const ExportNotes&, const fs::path& path) {
  exportTorchScript(*run.network, run.description, path);
}

void writeOnnx(const TrainedNetwork& run, const ExportNotes&, const fs::path& path) {
  exportOnnx(*run.network, run.description, path);
}

void writeModelCard(const TrainedNetwork& run, const ExportNotes& notes, const fs::path& path) {
  core::writeFileWhole(path, modelCard(run, notes));
}

std::vector<ExportFormat> makeFormats() {
  const std::map<std::string, decltype(ExportFormat::write)> writers = {{"torchscript", writeTorchScript},
                                                                        {"onnx", writeOnnx},
                                                                        {"monai-bundle", exportMonaiBundle},
                                                                        {"model-card", writeModelCard}};
  std::vector<ExportFormat> formats;
  for (const auto& format : core::modelFormats()) formats.push_back({format, writers.at(format.name)});
  return formats;
}

const ExportFormat& exportFormat(const std::string& name) {
  std::string names;
  for (const auto& one : exportFormats()) {
    if (one.format.name == name) return one;
    names += (names.empty() ? "" : ", ") + one.format.name;
  }
  throw InputError("--format", "\"" + name + "\" is not known", "use one of " + names);
}

}  // namespace

const std::vector<ExportFormat>& exportFormats() {
  static const std::vector<ExportFormat> formats = makeFormats();
  return formats;
}

std::string exportRun(const fs::path& run, const std::string& format, const fs::path& path,
                      const ExportNotes& notes) {
  const auto& chosen = exportFormat(format);
  std::error_code ignored;
  if (!fs::is_directory(run, ignored))
    throw InputError(run.string(), "it is no run folder", "give the folder that rind train wrote with --out");
  if (!chosen.format.extension.empty() && fs::is_directory(path, ignored))
    throw InputError(path.string(), "it is a folder", "give the name of a file");
  const TrainedNetwork trained = loadRun(run);
  chosen.write(trained, notes, path);
  return trained.warning;
}

}  // namespace rind::exporting
