#include "rind/workbench/label_map.h"

#include <algorithm>
#include <map>

#include "rind/core/error.h"
#include "rind/core/nrrd.h"
#include "rind/datasets/case_loading.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/slicer_segmentation.h"
#include "rind/models/run_folder.h"

namespace rind::workbench {
namespace {

namespace fs = std::filesystem;

core::LabelSet classesOf(const std::vector<std::int32_t>& voxels, const fs::path& file) {
  std::map<std::int32_t, std::string> names = {{0, "background"}};
  std::int32_t last = 0;
  for (const std::int32_t value : voxels) {
    if (value == last) continue;  // labels come in long runs
    last = value;
    names.try_emplace(value, "label " + std::to_string(value));
    if (value < 0 || names.size() > 256)
      throw core::InputError(file.string(),
                             value < 0 ? "it holds the label " + std::to_string(value)
                                       : std::string("it holds more than 255 labels"),
                             "give a label map, not an image");
  }
  const core::LabelSet segments = datasets::readSegments(file);
  for (const auto& segment : segments)
    if (const auto named = names.find(segment.value); named != names.end() && segment.value != 0)
      named->second = segment.name;
  core::LabelSet classes = core::makeLabelSet({names.begin(), names.end()});
  for (auto& label : classes)
    for (const auto& segment : segments)
      if (label.value == segment.value && label.value != 0) label.colour = segment.colour;
  return classes;
}

LabelMap fromFile(const fs::path& file) {
  datasets::LabelFile read = datasets::readLabels(file);
  const core::LabelSet classes = classesOf(read.labels.voxels, file);
  return {read.geometry, datasets::asClasses(read, classes, file.string()), classes};
}

LabelMap fromRun(const fs::path& folder, const std::string& case_id) {
  const models::RunFolder run = models::readRunFolder(folder);
  const messages::Preview* newest = nullptr;
  for (const auto& event : run.events)
    if (const auto* preview = std::get_if<messages::Preview>(&event)) newest = preview;
  if (newest == nullptr)
    throw core::InputError(folder.string(), "has kept no prediction yet",
                           "let it train to the end of an epoch");
  if (!case_id.empty() && case_id != newest->case_id)
    throw core::InputError("--case", "the run keeps predictions of " + newest->case_id + " only",
                           "predict " + case_id + " with \"rind predict\" and give that file");
  core::LabelImage image = core::readLabelNrrd(folder / newest->file);
  return {image.geometry, std::move(image.labels), run.labels};
}

LabelMap fromDataSet(const std::string& source, const std::string& case_id) {
  const datasets::DataSet data = datasets::openDataSet(source);
  const auto labelled = [&](const auto& one) { return data.phantom || !one.labels.empty(); };
  const auto first = std::find_if(data.cases.begin(), data.cases.end(), labelled);
  if (first == data.cases.end())
    throw core::InputError(source, "holds no labels", "give a label map, a run or a data set with labels");
  const datasets::CaseFiles& files = case_id.empty() ? *first : datasets::findCase(data, case_id);
  if (data.phantom) {
    const core::PreparedCase prepared = datasets::loadCase(data, files, {});
    core::LabelVolume labels(prepared.size());
    std::copy_n(prepared.labels.data, prepared.labels.count(), labels.voxels.data());
    return {prepared.geometry, std::move(labels), data.labels};
  }
  if (files.labels.empty()) throw core::InputError(files.id, "has no labels", "choose a case that has");
  const datasets::LabelFile read = datasets::readLabels(files.labels);
  return {read.geometry, datasets::asClasses(read, data.labels, files.labels.string()), data.labels};
}

}  // namespace

LabelMap readLabelMap(const std::string& source, const std::string& case_id) {
  if (models::isRunFolder(source)) return fromRun(source, case_id);
  if (datasets::isVolumeFile(source)) return fromFile(source);
  return fromDataSet(source, case_id);
}

}  // namespace rind::workbench
