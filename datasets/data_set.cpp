#include "rind/datasets/data_set.h"

#include <algorithm>
#include <set>

#include "rind/core/error.h"
#include "rind/datasets/itk_formats.h"
#include "rind/datasets/layouts.h"
#include "rind/datasets/nifti.h"
#include "rind/datasets/readable.h"
#include "rind/datasets/volume_io.h"
#include "rind/datasets/volume_writing.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

DataSet openFile(const fs::path& file) {
  if (file.filename() == "dataset.json")
    return openDataSet(file.has_parent_path() ? file.parent_path().string() : ".");
  if (!isVolumeFile(file) && !isDicomFile(file))
    throw core::InputError(file.string(), "is neither a data set nor a volume",
                           "give a folder with a data set, or a .nii.gz, .nrrd, .mha, .npy or DICOM file");
  DataSet data{"files",
               file.filename().string(),
               file.parent_path(),
               core::makeLabelSet({{0, "background"}}),
               {"image"}};
  data.cases = {{volumeStem(file), {file}, {}}};
  data.images_without_label = {volumeStem(file)};
  return data;
}

DataSet openFolder(const fs::path& folder) {
  if (entriesOf(folder).empty())
    throw core::InputError(folder.string(), "is an empty folder", "give a folder with images and labels");
  for (const auto& open : {openDecathlon, openNnunet, openBrats, openPair, openDicom, openImages})
    if (auto data = open(folder)) return *data;
  throw core::InputError(folder.string(),
                         "is no data set (no dataset.json, no images with labels, no BraTS cases, no DICOM)",
                         "see docs/data.md for the layouts that Rind opens");
}

double middle(std::vector<double> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Where cases differ in spacing by more than 5 %, the median along each axis, from the headers of up to 200
/// cases.
std::optional<core::Spacing> suggestedSpacing(const DataSet& data) {
  std::vector<double> z, y, x;
  for (std::size_t i = 0; i < data.cases.size(); i += 1 + data.cases.size() / 200) {
    const auto& image = data.cases[i].images.front();
    const std::string extension = volumeExtension(image);
    if (extension != ".nii" && extension != ".nii.gz") return {};
    try {
      const core::Spacing spacing = readNiftiGeometry(image).spacing;
      z.push_back(spacing.z), y.push_back(spacing.y), x.push_back(spacing.x);
    } catch (const core::InputError&) {
      continue;  // checking finds it
    }
  }
  bool differs = false;
  for (const auto* values : {&z, &y, &x})
    if (!values->empty())
      differs = differs || *std::max_element(values->begin(), values->end()) >
                               1.05 * *std::min_element(values->begin(), values->end());
  if (!differs) return {};
  return core::Spacing{middle(z), middle(y), middle(x)};
}

/// One id, one case: a second one would overwrite the first's results.
void requireDistinctIds(const DataSet& data, const std::string& where) {
  std::set<std::string> ids;
  for (const auto& c : data.cases)
    if (!ids.insert(c.id).second)
      throw core::InputError(where, "has two cases named " + c.id, "rename one of them");
}

}  // namespace

DataSet openDataSet(const std::string& folder_or_phantom) {
  if (folder_or_phantom.rfind("phantom:", 0) == 0) return openPhantom(folder_or_phantom);
  const fs::path path(folder_or_phantom);
  if (const std::string why = whyUnreadable(path); !why.empty() || folder_or_phantom.empty())
    throw core::InputError(folder_or_phantom.empty() ? "--data" : folder_or_phantom, why,
                           "give a data set's folder, phantom:amos or phantom:brats");
  DataSet data = isFolder(path) ? openFolder(path) : openFile(path);
  if (data.cases.empty())
    throw core::InputError(folder_or_phantom,
                           "has no cases (its dataset.json lists none and imagesTr holds no volumes)",
                           "add images, or name them under \"training\" in dataset.json");
  requireDistinctIds(data, folder_or_phantom);
  requireWritableValues(data.labels);  // else a training's predictions could not be written
  data.preprocessing.spacing = suggestedSpacing(data);
  return data;
}

const CaseFiles& findCase(const DataSet& data, const std::string& id) {
  for (const auto& c : data.cases)
    if (c.id == id) return c;
  throw core::InputError(id, "is no case of " + data.name,
                         "choose one of its " + std::to_string(data.cases.size()) + " cases");
}

}  // namespace rind::datasets
