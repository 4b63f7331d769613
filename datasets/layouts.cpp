#include "rind/datasets/layouts.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>

#include "rind/core/error.h"
#include "rind/datasets/dataset_json.h"
#include "rind/datasets/dicom_series.h"
#include "rind/datasets/parallel.h"
#include "rind/datasets/volume_io.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

bool isFile(const fs::path& path) {
  std::error_code status;
  return fs::is_regular_file(path, status);
}

bool isFolder(const fs::path& path) {
  std::error_code status;
  return fs::is_directory(path, status);
}

core::Normalisation suggested(const std::vector<std::string>& channels) {
  return channels.size() == 1 && channels.front() == "CT" ? core::Normalisation::ct
                                                          : core::Normalisation::zscore;
}

std::string nameOf(const fs::path& folder) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
  std::error_code status;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(folder, status))
    if (entry.is_directory(status) && entry.path().filename().string().front() != '.')
      folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

CaseFiles caseOf(const fs::path& folder, const DatasetJson::Pair& pair) {
  const fs::path image = (folder / pair.image).lexically_normal();
  const fs::path labels = pair.labels.empty() ? fs::path() : (folder / pair.labels).lexically_normal();
  return {volumeStem(image), {image}, labels};
}

/// Where dataset.json lists nothing: imagesTr and labelsTr by name.
void listByName(DataSet& data, const std::string& images, const std::string& labels) {
  std::set<fs::path> used;
  for (const auto& image : volumesIn(data.folder / images)) {
    fs::path label = data.folder / labels / image.filename();
    if (!isFile(label)) {
      label.clear();
      for (const auto& other : volumesIn(data.folder / labels))
        if (volumeStem(other) == volumeStem(image)) label = other;
    }
    used.insert(label);
    data.cases.push_back({volumeStem(image), {image}, label});
  }
  for (const auto& label : volumesIn(data.folder / labels))
    if (!used.count(label)) data.labels_without_image.push_back(label.filename().string());
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

/// "case" of "case_seg"; nothing where the name is not a label's.
std::optional<std::string> imageStemOf(const std::string& label_stem) {
  for (const std::string ending :
       {"_seg", "-seg", "_label", "-label", "_labels", "_mask", "_segmentation", "_gt"})
    if (label_stem.size() > ending.size() && label_stem.ends_with(ending))
      return label_stem.substr(0, label_stem.size() - ending.size());
  return {};
}

void pairBySuffix(DataSet& data) {
  std::map<std::string, fs::path> labels;
  for (const auto& file : volumesIn(data.folder))
    if (const auto stem = imageStemOf(volumeStem(file))) labels[*stem] = file;
  for (const auto& file : volumesIn(data.folder)) {
    if (imageStemOf(volumeStem(file))) continue;
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
  const auto all = dicomSeriesIn(folder);
  for (const auto& series : all) {
    const bool alone = all.size() == 1;
    const std::string id =
        alone ? nameOf(folder) : nameOf(folder) + "_" + std::to_string(&series - all.data() + 1);
    data.cases.push_back({id, {alone ? folder : series.slices.front().file}, {}});
  }
}

}  // namespace

std::vector<fs::path> volumesIn(const fs::path& folder) {
  std::error_code status;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, status)) {
    const std::string name = entry.path().filename().string();
    if (name.front() != '.' && isVolumeFile(name) && !name.ends_with(".dcm") && isFile(entry.path()))
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

core::LabelSet labelsFound(const std::vector<CaseFiles>& cases) {
  std::set<int> values = {0};
  std::mutex mutex;
  forEachInParallel(cases.size(), 0, [&](std::size_t i) {
    if (cases[i].labels.empty()) return;
    std::set<int> found;
    try {
      for (const std::int32_t value : readLabels(cases[i].labels).labels.voxels)
        if (found.size() < 256) found.insert(value);
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

std::optional<DataSet> openDecathlon(const fs::path& folder) {
  if (!isFile(folder / "dataset.json")) return {};
  const DatasetJson description = readDatasetJson(folder / "dataset.json");
  if (description.is_nnunet) return {};
  DataSet data{"msd", description.name.empty() ? nameOf(folder) : description.name, folder,
               description.labels};
  data.channels = description.channels.empty() ? std::vector<std::string>{"image"} : description.channels;
  for (const auto& pair : description.training) data.cases.push_back(caseOf(folder, pair));
  if (data.cases.empty()) listByName(data, "imagesTr", "labelsTr");
  addValidation(data, description);
  data.preprocessing.normalisation = suggested(data.channels);
  if (isMixedAmos(data)) data.preprocessing.normalisation = core::Normalisation::zscore;
  for (const auto& c : data.cases)
    if (c.labels.empty()) data.images_without_label.push_back(c.id);
  return data;
}

std::optional<DataSet> openNnunet(const fs::path& folder) {
  if (!isFile(folder / "dataset.json")) return {};
  const DatasetJson description = readDatasetJson(folder / "dataset.json");
  if (!description.is_nnunet) return {};
  DataSet data{"nnunet", description.name.empty() ? nameOf(folder) : description.name, folder,
               description.labels, description.channels};
  std::string ending = description.file_ending;
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
  for (const auto& c : data.cases)
    if (c.labels.empty()) data.images_without_label.push_back(c.id);
  return data;
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
  for (const auto& c : data.cases)
    if (c.labels.empty()) data.images_without_label.push_back(c.id);
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
