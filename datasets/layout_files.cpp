#include "rind/datasets/layout_files.h"

#include <algorithm>
#include <set>

#include "rind/datasets/volume_io.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

bool isHidden(const fs::path& path) {
  return path.filename().string().front() == '.';
}

}  // namespace

std::vector<fs::path> volumesIn(const fs::path& folder) {
  std::vector<fs::path> files = entriesOf(folder);
  std::erase_if(files, [](const fs::path& file) {
    return isHidden(file) || !isVolumeFile(file) || file.extension() == ".dcm" || !isFile(file);
  });
  return files;
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
  std::vector<fs::path> folders = entriesOf(folder);
  std::erase_if(folders, [](const fs::path& inner) { return isHidden(inner) || !isFolder(inner); });
  return folders;
}

std::string nameOf(const fs::path& folder) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

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

void noteMissingLabels(DataSet& data) {
  for (const auto& c : data.cases)
    if (c.labels.empty()) data.images_without_label.push_back(c.id);
}

}  // namespace rind::datasets
