#include "rind/datasets/cropping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/protocol.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using testing::plainGrid;

TEST(Cropping, TheBoxHoldsAllThatIsNotZeroInSomeChannel) {
  std::vector<float> image(2 * 4 * 5 * 6, 0.0F);
  const auto at = [](std::size_t c, std::size_t z, std::size_t y, std::size_t x) {
    return ((c * 4 + z) * 5 + y) * 6 + x;
  };
  image[at(0, 1, 2, 3)] = 7;
  image[at(1, 2, 4, 1)] = -1;
  const Box box = nonzeroBox(image.data(), 2, {4, 5, 6});
  EXPECT_EQ(box.from, (core::Index3{1, 2, 1}));
  EXPECT_EQ(box.size, (core::Extent3{2, 3, 3}));
  std::fill(image.begin(), image.end(), 0.0F);
  EXPECT_EQ(nonzeroBox(image.data(), 2, {4, 5, 6}).size, (core::Extent3{4, 5, 6}));
  EXPECT_EQ(onGrid(box, {4, 5, 6}, {8, 5, 3}).from, (core::Index3{2, 2, 0}));
  EXPECT_EQ(onGrid(box, {4, 5, 6}, {8, 5, 3}).size, (core::Extent3{4, 3, 2}));
  const Box wide = around(box, {0, 4, 100}, {4, 5, 6});
  EXPECT_EQ(wide.from, (core::Index3{1, 1, 0}));
  EXPECT_EQ(wide.size, (core::Extent3{2, 4, 6}));
}

TEST(Cropping, ReadsWhatItWrites) {
  for (const std::string text : {"none", "nonzero", "dx256x256", "nonzero,128x160x160"})
    EXPECT_EQ(core::toString(core::parseCrop(text)), text);
  EXPECT_EQ(core::parseCrop("0x7x8"), (core::Crop{false, {0, 7, 8}}));
  for (const std::string text : {"", "all", "nonzero7x8x9", "7x8", "axbxc", "7x8x9x1", "-1x8x9", "7x8x"})
    EXPECT_THROW(core::parseCrop(text), core::InputError) << text;
  core::Preprocessing all{
      core::Spacing{1, 2, 3}, core::Normalisation::ct, core::Interpolation::bspline, {true, {0, 4, 5}}};
  EXPECT_EQ(nlohmann::json(all).get<core::Preprocessing>(), all);
  EXPECT_EQ(nlohmann::json::object().get<core::Preprocessing>(), core::Preprocessing{});
}

/// A case with a block of voxels in an empty field.
class CroppedCase : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<float> image(10 * 12 * 14, 0.0F);
    core::LabelVolume labels({10, 12, 14});
    for (std::int64_t z = 2; z < 7; ++z)
      for (std::int64_t y = 3; y < 9; ++y)
        for (std::int64_t x = 4; x < 12; ++x) {
          image[labels.view().offset({z, y, x})] = static_cast<float>(1 + z * y + x);
          labels[{z, y, x}] = x < 8 ? 1 : 2;
        }
    grid_ = plainGrid(labels.size);
    grid_.origin = {5, 6, 7};
    fs::create_directories(folder_ / "images");
    fs::create_directories(folder_ / "labels");
    writeFloats(folder_ / "images/a.nii", grid_, 1, image.data());
    writeLabels(folder_ / "labels/a.nii", grid_, labels);
    labels_ = labels;
  }
  core::PreparedCase prepared(const core::Preprocessing& preprocessing) const {
    const DataSet data = openDataSet(folder_.path().string());
    return loadCase(data, data.cases.at(0), preprocessing);
  }

  test_support::TemporaryFolder folder_;
  core::Geometry grid_;
  core::LabelVolume labels_;
};

TEST_F(CroppedCase, KeepsItsPlaceAndItsValues) {
  const auto whole = prepared({{}, core::Normalisation::zscore, {}, {}});
  const auto box = prepared({{}, core::Normalisation::zscore, {}, {true, {}}});
  EXPECT_EQ(box.geometry.size, (core::Extent3{5, 6, 8}));
  EXPECT_EQ(box.geometry.origin, (std::array<double, 3>{9, 9, 9}));
  const core::VolumeView<float> inner{box.size(), box.image}, outer{whole.size(), whole.image};
  EXPECT_EQ((inner[{0, 0, 0}]), (outer[{2, 3, 4}]));
  EXPECT_EQ((inner[{4, 5, 7}]), (outer[{6, 8, 11}]));
  EXPECT_EQ((box.labels[{0, 0, 3}]), 1);
  EXPECT_EQ((box.labels[{0, 0, 4}]), 2);
  const auto fixed = prepared({{}, core::Normalisation::zscore, {}, {true, {0, 4, 10}}});
  EXPECT_EQ(fixed.geometry.size, (core::Extent3{5, 4, 10}));
  EXPECT_EQ(fixed.geometry.origin, (std::array<double, 3>{8, 10, 9}));
}

TEST_F(CroppedCase, APredictionComesBackToTheWholeGrid) {
  for (const auto& spacing : {std::optional<core::Spacing>(), std::optional(core::Spacing{0.5, 1, 0.5})}) {
    const core::Preprocessing preprocessing{spacing, core::Normalisation::zscore, {}, {true, {2, 2, 2}}};
    const PreparedImage image = prepareImage({folder_ / "images/a.nii"}, preprocessing);
    EXPECT_EQ(image.geometry.size, spacing ? (core::Extent3{10, 6, 16}) : (core::Extent3{5, 6, 8}));
    const auto box = prepared({spacing, core::Normalisation::zscore, {}, {true, {}}});
    const auto back = toOriginalGrid(box.labels, image);
    ASSERT_EQ(back.size, grid_.size);
    EXPECT_EQ(back.voxels, labels_.voxels);
  }
}

TEST(Protocol, TheSettingsThatAreGivenWin) {
  DataSet data;
  data.preprocessing = {core::Spacing{3, 1, 1}, core::Normalisation::ct, {}, {}};
  core::RunConfig config;
  EXPECT_EQ(preprocessingFor(data, config), data.preprocessing);
  EXPECT_FALSE(protocolPatch(config));
  config.protocol = "amos";
  EXPECT_EQ(
      preprocessingFor(data, config),
      (core::Preprocessing{core::Spacing{1, 1, 1}, core::Normalisation::ct, {}, {false, {0, 256, 256}}}));
  EXPECT_EQ(protocolPatch(config), (core::Extent3{64, 256, 256}));
  config.protocol = "brats";
  EXPECT_EQ(preprocessingFor(data, config).crop, (core::Crop{true, {128, 160, 160}}));
  EXPECT_EQ(preprocessingFor(data, config).normalisation, core::Normalisation::zscore_nonzero);
  EXPECT_EQ(protocolPatch(config), (core::Extent3{128, 160, 160}));
  core::applySettings(config, {{"spacing", "2x2x2"}, {"crop", "none"}, {"interpolation", "bspline"}});
  EXPECT_EQ(
      preprocessingFor(data, config),
      (core::Preprocessing{
          core::Spacing{2, 2, 2}, core::Normalisation::zscore_nonzero, core::Interpolation::bspline, {}}));
}

}  // namespace
}  // namespace rind::datasets
