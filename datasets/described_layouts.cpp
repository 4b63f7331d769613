#include <algorithm>
#include <set>

#include "rind/core/error.h"
#include "rind/datasets/dataset_json.h"
#include "rind/datasets/layout_files.h"
#include "rind/datasets/layouts.h"
#include "rind/datasets/volume_io.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

core::Normalisation suggested(const std::vector<std::string>& channels) {
  return channels.size() == 1 && channels.front() == "CT" ? core::Normalisation::ct
                                                          : core::Normalisation::zscore;
}

CaseFiles caseOf(const fs::path& folder, const DatasetJson::Pair& pair) {
  const fs::path image = (folder / pair.image).lexically_normal();
  const fs::path labels = pair.labels.empty() ? fs::path() : (folder / pair.labels).lexically_normal();
  return {volumeStem(image), {image}, labels};
}

/// AMOS gives its validation cases apart.
void addValidation(DataSet& data, const DatasetJson& description) {
  Split split;
  for (const auto& c : data.cases) split.training.push_back(c.id);
  for (const auto& pair : description.validation) {
    CaseFiles c = caseOf(data.folder, pair);
    if (c.labels.empty() || !isFile(c.labels)) continue;
    split.validation.push_back(c.id);
    data.cases.push_back(std::move(c));
  }
  if (!split.validation.empty() && !split.training.empty()) data.split = split;
}

/// MR scans of AMOS are numbered from 501: a mixed set cannot be clipped as CT.
bool isMixedAmos(const DataSet& data) {
  return std::any_of(data.cases.begin(), data.cases.end(), [](const CaseFiles& c) {
    return c.id.rfind("amos_", 0) == 0 && std::atoi(c.id.c_str() + 5) > 500;
  });
}

/// A dataset.json that is there counts, whatever it is.
std::optional<DatasetJson> descriptionIn(const fs::path& folder) {
  const fs::path file = folder / "dataset.json";
  std::error_code status;
  if (fs::symlink_status(file, status).type() == fs::file_type::not_found) return {};
  requireReadable(file);
  return readDatasetJson(file);
}

}  // namespace

std::optional<DataSet> openDecathlon(const fs::path& folder) {
  const auto description = descriptionIn(folder);
  if (!description || description->is_nnunet) return {};
  DataSet data{"msd", description->name.empty() ? nameOf(folder) : description->name, folder,
               description->labels};
  data.channels = description->channels.empty() ? std::vector<std::string>{"image"} : description->channels;
  for (const auto& pair : description->training) data.cases.push_back(caseOf(folder, pair));
  if (data.cases.empty()) listByName(data, "imagesTr", "labelsTr");
  addValidation(data, *description);
  data.preprocessing.normalisation = suggested(data.channels);
  if (isMixedAmos(data)) data.preprocessing.normalisation = core::Normalisation::zscore;
  noteMissingLabels(data);
  return data;
}

std::optional<DataSet> openNnunet(const fs::path& folder) {
  const auto description = descriptionIn(folder);
  if (!description || !description->is_nnunet) return {};
  DataSet data{"nnunet", description->name.empty() ? nameOf(folder) : description->name, folder,
               description->labels, description->channels};
  std::string ending = description->file_ending;
  std::set<std::string> ids;
  for (const auto& image : volumesIn(folder / "imagesTr")) {
    const std::string stem = volumeStem(image);
    if (ending.empty()) ending = image.filename().string().substr(stem.size());
    if (stem.size() > 5 && stem[stem.size() - 5] == '_') ids.insert(stem.substr(0, stem.size() - 5));
  }
  for (const auto& id : ids) {
    CaseFiles c{id, {}, folder / "labelsTr" / (id + ending)};
    for (std::size_t channel = 0; channel < data.channels.size(); ++channel) {
      const std::string number = std::to_string(10000 + channel).substr(1);
      c.images.push_back(folder / "imagesTr" / (id + "_" + number + ending));
    }
    if (!isFile(c.labels)) data.images_without_label.push_back(id), c.labels.clear();
    data.cases.push_back(std::move(c));
  }
  for (const auto& label : volumesIn(folder / "labelsTr"))
    if (!ids.count(volumeStem(label))) data.labels_without_image.push_back(label.filename().string());
  data.preprocessing.normalisation = suggested(data.channels);
  return data;
}

}  // namespace rind::datasets
