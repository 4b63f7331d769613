// Labels carried to the prepared grid and written back: what a perfect prediction would score.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "rind/datasets/preparation.h"
#include "rind/datasets/resampling.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/shared_data.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::datasets {
namespace {

double overlap(core::LabelView a, const core::Volume<std::int32_t>& b, int label, int value) {
  double both = 0, sum = 0;
  for (std::size_t i = 0; i < b.voxels.size(); ++i) {
    both += a.data[i] == label && b.voxels[i] == value;
    sum += (a.data[i] == label) + (b.voxels[i] == value);
  }
  return sum > 0 ? 2 * both / sum : 1;
}

/// Least and mean DSC over classes and cases.
struct Survival {
  double least = 1;
  double sum = 0;
  int scores = 0;

  void print(const std::string& what) const {
    std::printf("%s: least DSC %.4f, mean %.4f of %d\n", what.c_str(), least, sum / scores, scores);
  }
};

/// Each case's labels as loadCase prepares them, brought back and written beside its image's grid.
Survival thereAndBack(const DataSet& data, const core::Preprocessing& preprocessing, std::size_t step) {
  const test_support::TemporaryFolder folder;
  Survival survival;
  for (std::size_t i = 0; i < data.cases.size(); i += step) {
    const auto& files = data.cases[i];
    const core::PreparedCase prepared = loadCase(data, files, preprocessing);
    const PreparedImage image = prepareImage(files.images, preprocessing);
    EXPECT_EQ(image.geometry, prepared.geometry);
    writeLabels(folder / "back.nii.gz", image.original, toOriginalGrid(prepared.labels, image));
    const LabelFile back = readLabels(folder / "back.nii.gz"), own = readLabels(files.labels);
    const core::Geometry grid = readImage(files.images.front()).geometry;
    EXPECT_EQ(back.geometry.size, grid.size);
    EXPECT_EQ(back.geometry.spacing, grid.spacing);
    EXPECT_EQ(back.geometry.origin, grid.origin);
    for (std::size_t k = 0; k < 9; ++k) EXPECT_NEAR(back.geometry.direction[k], grid.direction[k], 1e-6);
    core::LabelVolume classes(back.geometry.size);
    for (std::size_t v = 0; v < classes.voxels.size(); ++v)
      classes.voxels[v] = static_cast<std::uint8_t>(back.labels.voxels[v]);
    for (std::size_t k = 1; k < data.labels.size(); ++k) {
      const double dsc = overlap(classes, own.labels, static_cast<int>(k), data.labels[k].value);
      survival.least = std::min(survival.least, dsc);
      survival.sum += dsc;
      ++survival.scores;
    }
  }
  return survival;
}

TEST(RoundTrip, HippocampusLabelsSurvive) {
  RIND_REQUIRE_SHARED("data/Task04_Hippocampus");
  const DataSet data = openDataSet((test_support::sharedFolder() / "data/Task04_Hippocampus").string());
  for (const double spacing : {1.0, 0.7}) {
    core::Preprocessing preprocessing = data.preprocessing;
    preprocessing.spacing = core::Spacing{spacing, spacing, spacing};
    const Survival survival = thereAndBack(data, preprocessing, 8);
    survival.print("hippocampus at " + std::to_string(spacing) + " mm");
    EXPECT_GE(survival.least, spacing == 1 ? 1 : 0.98);
  }
}

TEST(RoundTrip, BratsLabelsSurvive) {
  RIND_REQUIRE_SHARED("data/BraTS2018");
  const DataSet data = openDataSet((test_support::sharedFolder() / "data/BraTS2018").string());
  core::Preprocessing preprocessing = data.preprocessing;
  preprocessing.crop.nonzero = true;
  const Survival cropped = thereAndBack(data, preprocessing, 8);
  cropped.print("BraTS cropped to the brain");
  EXPECT_EQ(cropped.least, 1);
}

}  // namespace
}  // namespace rind::datasets
