#include "rind/exporting/export_formats.h"

#include "rind/core/error.h"
#include "rind/exporting/onnx.h"
#include "rind/exporting/torchscript.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using core::InputError;

void writeTorchScript(const TrainedNetwork& run, const fs::path& path) {
  exportTorchScript(*run.network, run.description, path);
}

void writeOnnx(const TrainedNetwork& run, const fs::path& path) {
  exportOnnx(*run.network, run.description, path);
}

const ExportFormat& exportFormat(const std::string& name) {
  std::string names;
  for (const auto& format : exportFormats()) {
    if (format.name == name) return format;
    names += (names.empty() ? "" : ", ") + format.name;
  }
  throw InputError("--format", "this build cannot write \"" + name + "\"", "use " + names);
}

}  // namespace

const std::vector<ExportFormat>& exportFormats() {
  static const std::vector<ExportFormat> formats = {
      {"torchscript", "TorchScript (LibTorch, PyTorch)", ".ts", writeTorchScript},
      {"onnx", "ONNX (opset 17)", ".onnx", writeOnnx},
  };
  return formats;
}

void exportRun(const fs::path& run, const std::string& format, const fs::path& path) {
  const auto& chosen = exportFormat(format);
  std::error_code ignored;
  if (!fs::is_directory(run, ignored))
    throw InputError(run.string(), "it is no run folder", "give the folder that rind train wrote with --out");
  if (!chosen.extension.empty() && fs::is_directory(path, ignored))
    throw InputError(path.string(), "it is a folder", "give the name of a file");
  chosen.write(loadRun(run), path);
}

}  // namespace rind::exporting
