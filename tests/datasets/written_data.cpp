#include "written_data.h"

#include <cmath>
#include <fstream>

#include "rind/datasets/volume_io.h"

namespace rind::datasets::testing {

namespace fs = std::filesystem;

core::Geometry obliqueGrid() {
  core::Geometry g;
  g.size = {5, 6, 7};
  g.spacing = {2.5, 0.75, 1.25};
  g.origin = {-12.5, 30.25, -7};
  const double c = std::cos(0.3), s = std::sin(0.3);
  g.direction = {-c, 0, s, 0, 1, 0, s, 0, c};  // about y, and x flipped: left-handed
  return g;
}

core::Geometry plainGrid(const core::Extent3& size) {
  core::Geometry g;
  g.size = size;
  return g;
}

void writeLabelsOf(const fs::path& file, const core::Geometry& grid,
                   const std::vector<std::uint8_t>& values) {
  core::LabelVolume labels(grid.size);
  for (std::size_t i = 0; i < labels.voxels.size(); ++i) labels.voxels[i] = values[i % values.size()];
  writeLabels(file, grid, labels);
}

void writeRamp(const fs::path& file, const core::Geometry& grid, float first) {
  std::vector<float> voxels(static_cast<std::size_t>(grid.size.voxels()));
  for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = first + static_cast<float>(i);
  writeFloats(file, grid, 1, voxels.data());
}

void writeText(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

void writeDecathlon(const fs::path& folder, int cases) {
  fs::create_directories(folder / "imagesTr");
  fs::create_directories(folder / "labelsTr");
  std::string list;
  for (int i = 0; i < cases; ++i) {
    const std::string name = "case_" + std::to_string(i) + ".nii.gz";
    writeRamp(folder / "imagesTr" / name, plainGrid({8, 9, 10}), static_cast<float>(1 + i));
    writeLabelsOf(folder / "labelsTr" / name, plainGrid({8, 9, 10}), {0, 1, 2, 2});
    list += std::string(i ? "," : "") + R"({"image":"./imagesTr/)" + name + R"(","label":"./labelsTr/)" +
            name + R"("})";
  }
  writeText(
      folder / "dataset.json",
      R"({"name":"Written","modality":{"0":"MRI"},"labels":{"0":"background","1":"one","2":"two"},"training":[)" +
          list + "]}");
}

}  // namespace rind::datasets::testing
