#include "rind/datasets/layouts.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "rind/datasets/case_memory.h"
#include "rind/datasets/dicom_series.h"
#include "rind/datasets/layout_files.h"
#include "rind/datasets/not_enough_memory.h"
#include "rind/datasets/parallel.h"
#include "rind/datasets/volume_io.h"
#include "rind/datasets/volume_writing.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

struct FolderPair {
  fs::path images;
  fs::path labels;
};

std::optional<FolderPair> pairIn(const fs::path& folder) {
  for (const char* images : {"imagesTr", "images", "image", "imgs", "img", "Images", "volumes", "data"})
    for (const char* labels :
         {"labelsTr", "labels", "label", "segmentations", "masks", "mask", "seg", "Labels", "annotations"})
      if (isFolder(folder / images) && isFolder(folder / labels) && !volumesIn(folder / images).empty())
        return FolderPair{images, labels};
  return {};
}

/// "case" of "case_seg.nii.gz" or "case.seg.nrrd"; nothing where the name is not a label's.
std::optional<std::string> imageStemOf(const fs::path& label_file) {
  const std::string label_stem = volumeStem(label_file);
  if (volumeExtension(label_file) == ".seg.nrrd") return label_stem;
  for (const std::string ending :
       {"_seg", "-seg", "_label", "-label", "_labels", "_mask", "_segmentation", "_gt"})
    if (label_stem.size() > ending.size() && label_stem.ends_with(ending))
      return label_stem.substr(0, label_stem.size() - ending.size());
  return {};
}

void pairBySuffix(DataSet& data) {
  std::map<std::string, fs::path> labels;
  for (const auto& file : volumesIn(data.folder))
    if (const auto stem = imageStemOf(file)) labels[*stem] = file;
  for (const auto& file : volumesIn(data.folder)) {
    if (imageStemOf(file)) continue;
    const std::string stem = volumeStem(file);
    auto label = labels.find(stem);
    for (const std::string ending : {"_image", "_img", "_0000"})
      if (label == labels.end() && stem.ends_with(ending))
        label = labels.find(stem.substr(0, stem.size() - ending.size()));
    data.cases.push_back({stem, {file}, label == labels.end() ? fs::path() : label->second});
    if (label != labels.end()) labels.erase(label);
  }
  for (const auto& [stem, file] : labels) data.labels_without_image.push_back(file.filename().string());
}

void addSeries(DataSet& data, const fs::path& folder) {
  const DicomFolder found = dicomFolder(folder);
  const auto& all = found.series;
  for (const auto& series : all) {
    const bool alone = all.size() == 1;
    const std::string id =
        alone ? nameOf(folder) : nameOf(folder) + "_" + std::to_string(&series - all.data() + 1);
    data.cases.push_back({id, {alone ? folder : series.slices.front().file}, {}});
  }
  for (const auto& file : found.segmentations) data.unread_segmentations.push_back(file.filename().string());
  for (const auto& other : found.others)
    data.no_images.push_back(other.file.filename().string() + " " + other.no_image);
}

}  // namespace

core::LabelSet labelsFound(const std::vector<CaseFiles>& cases) {
  std::set<int> values = {0};
  std::mutex mutex;
  MemoryGate gate;
  forEachInParallel(cases.size(), 0, [&](std::size_t i) {
    if (cases[i].labels.empty()) return;
    const MemoryGate::Pass pass(gate, memoryToRead(cases[i].labels));
    std::set<int> found;
    try {
      for (const std::int32_t value : readLabels(cases[i].labels).labels.voxels)
        if (found.size() < 256) found.insert(value);
    } catch (const NotEnoughMemory&) {
      throw;  // its labels would be missing
    } catch (const core::InputError&) {
      return;  // found again, and told, by whoever reads this case
    }
    const std::lock_guard lock(mutex);
    values.insert(found.begin(), found.end());
  });
  std::vector<std::pair<int, std::string>> names;
  for (const int value : values)
    if (value >= 0 && names.size() < 255)
      names.emplace_back(value, value == 0 ? "background" : "label " + std::to_string(value));
  return core::makeLabelSet(names);
}

std::optional<DataSet> openPair(const fs::path& folder) {
  DataSet data{"pair", nameOf(folder), folder};
  data.channels = {"image"};
  if (const auto pair = pairIn(folder))
    listByName(data, pair->images, pair->labels);
  else
    pairBySuffix(data);
  const bool labelled =
      std::any_of(data.cases.begin(), data.cases.end(), [](const CaseFiles& c) { return !c.labels.empty(); });
  if (!labelled) return {};
  data.labels = labelsFound(data.cases);
  noteMissingLabels(data);
  return data;
}

std::optional<DataSet> openDicom(const fs::path& folder) {
  DataSet data{"dicom", nameOf(folder), folder, core::makeLabelSet({{0, "background"}}), {"image"}};
  addSeries(data, folder);
  if (data.cases.empty())
    for (const auto& inner : foldersIn(folder)) addSeries(data, inner);
  if (data.cases.empty()) return {};
  for (const auto& c : data.cases) data.images_without_label.push_back(c.id);
  return data;
}

std::optional<DataSet> openImages(const fs::path& folder) {
  DataSet data{"files", nameOf(folder), folder, core::makeLabelSet({{0, "background"}}), {"image"}};
  for (const auto& image : volumesIn(folder)) {
    data.cases.push_back({volumeStem(image), {image}, {}});
    data.images_without_label.push_back(volumeStem(image));
  }
  if (data.cases.empty()) return {};
  return data;
}

}  // namespace rind::datasets
