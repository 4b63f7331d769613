#include "rind/exporting/monai_bundle.h"

#include <algorithm>
#include <iterator>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/text.h"
#include "rind/exporting/model_card.h"
#include "rind/exporting/monai_configs.h"
#include "rind/exporting/monai_transforms.h"
#include "rind/exporting/torchscript.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;

/// All that `fill` writes.
constexpr const char* kFiles[] = {"configs/metadata.json", "configs/inference.json",    "docs/README.md",
                                  "docs/model_card.md",    "docs/license.txt",          "models/model.ts",
                                  "scripts/__init__.py",   "scripts/rind_transforms.py"};

/// What `fill` wrote, and what Python makes of it.
bool isOurs(const fs::path& relative) {
  return relative.parent_path() == "scripts/__pycache__" ||
         std::any_of(std::begin(kFiles), std::end(kFiles),
                     [&](const char* file) { return relative == fs::path(file); });
}

/// A folder in the bundle's place has to be an older bundle and no more: what else it holds would be lost,
/// such as images and labels, which a bundle looks for and leaves in itself.
void requireReplaceable(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (fs::is_directory(entry.symlink_status())) continue;
    const fs::path relative = entry.path().lexically_relative(path);
    if (!isOurs(relative))
      throw core::InputError(
          path.string(), "it holds " + relative.string() + ", which no export writes and which would be lost",
          "give another name, or move it out of there");
  }
}

std::string readMe(const TrainedNetwork& run) {
  return "# " + modelName(run) + "\n\nSegments " + foregroundNames(run.description) +
         ". Exported by Rind; what it was trained with and how well it does is in\n"
         "[model_card.md](model_card.md).\n\n"
         "    python -m monai.bundle run --config_file configs/inference.json --meta_file "
         "configs/metadata.json \\\n"
         "      --bundle_root . --dataset_dir FOLDER_OF_NIFTI --output_dir FOLDER_FOR_LABELS\n\n"
         "needs `monai`, `nibabel`, `pytorch-ignite` and `fire` from PyPI, and writes the labels that `rind "
         "predict` writes:\none file an image, of the same name, on the image's own grid.\n\n"
         "`models/model.ts` takes normalised images [B, C, D, H, W] with axes z, y, x (inference.json "
         "transposes MONAI's x, y, z)\nand returns logits. Its extra file `rind.json` holds labels, window "
         "and preprocessing; `rind predict --model\nmodels/model.ts` reads it.\n\nResearch only; not a "
         "medical device.\n";
}

std::string licenceText(const ExportNotes& notes) {
  if (!notes.licence.empty()) return notes.licence + "\n";
  return "No licence is stated for this model. Ask whoever trained it.\n";
}

/// Names of folders and classes may be in any encoding.
std::string textOf(const nlohmann::ordered_json& json) {
  return core::jsonText(json, 2) + "\n";
}

void fill(const TrainedNetwork& run, const ExportNotes& notes, const fs::path& folder) {
  for (const char* name : {"configs", "models", "docs"}) fs::create_directory(folder / name);
  core::writeFileWhole(folder / "configs" / "metadata.json", textOf(monaiMetadata(run, notes)));
  core::writeFileWhole(folder / "configs" / "inference.json", textOf(monaiInference(run.description)));
  core::writeFileWhole(folder / "docs" / "README.md", readMe(run));
  core::writeFileWhole(folder / "docs" / "model_card.md", modelCard(run, notes));
  core::writeFileWhole(folder / "docs" / "license.txt", licenceText(notes));
  if (needsOwnTransforms(run.description.preprocessing)) {
    fs::create_directory(folder / "scripts");
    core::writeFileWhole(folder / "scripts" / "__init__.py", "");
    core::writeFileWhole(folder / "scripts" / "rind_transforms.py", kMonaiTransforms);
  }
  exportTorchScript(*run.network, run.description, folder / "models" / "model.ts");
}

}  // namespace

void exportMonaiBundle(const TrainedNetwork& run, const ExportNotes& notes, const fs::path& path) {
  requireReplaceable(path);
  core::writeFolderWhole(path, [&](const fs::path& folder) { fill(run, notes, folder); });
}

}  // namespace rind::exporting
