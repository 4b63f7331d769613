#include <array>

#include "rind/datasets/layout_files.h"
#include "rind/datasets/layouts.h"
#include "rind/datasets/volume_io.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

struct Modalities {
  std::string separator;
  std::array<std::string, 4> suffixes;
};

const std::array<Modalities, 2>& bratsNames() {
  static const std::array<Modalities, 2> names = {
      {{"_", {"flair", "t1", "t1ce", "t2"}}, {"-", {"t2f", "t1n", "t1c", "t2w"}}}};
  return names;
}

/// A case of BraTS by its segmentation or its first modality, whatever its extension.
std::optional<CaseFiles> bratsCase(const fs::path& first, const Modalities& names) {
  const std::string stem = volumeStem(first);
  const std::string ending = names.separator + names.suffixes[0];
  if (stem.size() <= ending.size() || !stem.ends_with(ending)) return {};
  const std::string id = stem.substr(0, stem.size() - ending.size());
  const std::string extension = first.filename().string().substr(stem.size());
  CaseFiles c{id, {}, {}};
  for (const auto& suffix : names.suffixes)
    c.images.push_back(first.parent_path() / (id + names.separator + suffix + extension));
  if (!isFile(c.images[1]) && !isFile(c.images[2]) && !isFile(c.images[3])) return {};
  const fs::path labels = first.parent_path() / (id + names.separator + "seg" + extension);
  if (isFile(labels)) c.labels = labels;
  return c;
}

void addBratsCases(DataSet& data, const fs::path& folder, bool& newer) {
  for (const auto& file : volumesIn(folder))
    for (const auto& names : bratsNames())
      if (const auto c = bratsCase(file, names)) {
        data.cases.push_back(*c);
        newer = newer || names.separator == "-";
      }
}

}  // namespace

std::optional<DataSet> openBrats(const fs::path& folder) {
  DataSet data{"brats", nameOf(folder), folder};
  bool newer = false;
  addBratsCases(data, folder, newer);
  for (const auto& inner : foldersIn(folder)) {
    addBratsCases(data, inner, newer);
    if (volumesIn(inner).empty())  // HGG and LGG of the older years
      for (const auto& innermost : foldersIn(inner)) addBratsCases(data, innermost, newer);
  }
  if (data.cases.empty()) return {};
  data.labels = core::makeLabelSet(
      {{0, "background"}, {1, "necrotic core"}, {2, "edema"}, {newer ? 3 : 4, "enhancing tumour"}});
  data.channels = {"FLAIR", "T1w", "T1ce", "T2w"};
  data.preprocessing.normalisation = core::Normalisation::zscore_nonzero;
  noteMissingLabels(data);
  return data;
}

}  // namespace rind::datasets
