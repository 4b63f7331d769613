#include "rind/exporting/torchscript.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "example_model.h"
#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/exporting/shareable.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::exporting {
namespace {

using core::Extent3;
using core::InputError;

at::Tensor imageOf(std::int64_t batch, const Extent3& size) {
  return at::cos(at::arange(batch * 2 * size.voxels(), at::kFloat) * 0.11f)
      .view({batch, 2, size.z, size.y, size.x});
}

class TorchScriptOf : public testing::TestWithParam<std::string> {};

TEST_P(TorchScriptOf, SavesAFileThatEqualsItAtOtherShapes) {
  const at::NoGradGuard no_gradients;
  const test_support::TemporaryFolder folder;
  for (const Extent3& wanted : {Extent3{16, 16, 32}, Extent3{1, 32, 32}}) {
    const auto description = exampleModel(GetParam(), wanted);
    const auto network = networks::makeNetwork(description.network, 3);
    network->forward(imageOf(2, description.network.patch));  // moves the running statistics
    exportTorchScript(*network, description, folder / "model.ts");
    EXPECT_TRUE(network->is_training());
    network->eval();
    const auto loaded = loadTorchScript(folder / "model.ts");
    std::vector<Extent3> sizes = {description.network.patch};
    if (const auto& info = networks::networkInfo(GetParam()); !info.fixed_patch)
      sizes.push_back(
          {sizes[0].z == 1 ? 1 : sizes[0].z + info.divisor, sizes[0].y + info.divisor, sizes[0].x});
    for (const auto& size : sizes)
      for (const int batch : {1, 2}) {
        const auto image = imageOf(batch, size);  // computed channels last by both
        EXPECT_TRUE(at::allclose(loaded.forward(image),
                                 network->forward(image.contiguous(at::MemoryFormat::ChannelsLast3d)), 1e-5,
                                 1e-5));
      }
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& info : networks::networkTable()) all.push_back(info.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(EachNetwork, TorchScriptOf, testing::ValuesIn(names()),
                         [](const auto& tested) { return tested.param; });

class TorchScript : public testing::Test {
 protected:
  void SetUp() override {
    const auto network = networks::makeNetwork(description_.network, 3);
    exportTorchScript(*network, description_, file_);
  }
  test_support::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "model.ts";
  ModelDescription description_ = exampleModel("unet", {1, 16, 16});
};

TEST_F(TorchScript, CarriesItsDescription) {
  const auto got = loadTorchScript(file_).description;
  EXPECT_EQ(got.network, description_.network);
  EXPECT_EQ(got.preprocessing, description_.preprocessing);
  EXPECT_EQ(got.labels, description_.labels);
  EXPECT_EQ(got.window, description_.window);
  EXPECT_EQ(got.channels, description_.channels);
  EXPECT_EQ(got.provenance, description_.provenance);
}

TEST_F(TorchScript, IsTheSameBytesUnderAnotherName) {
  const auto network = networks::makeNetwork(description_.network, 3);
  exportTorchScript(*network, description_, folder_ / "other.ts");
  EXPECT_EQ(core::readFile(folder_ / "other.ts"), core::readFile(file_));
}

TEST_F(TorchScript, NamesNoCaseAndNoFolder) {
  description_.provenance = {
      {"config", {{"data", "/home/someone/Organs/"}, {"split", "/home/someone/splits.json:2"}}},
      {"data",
       {{"path", "/home/someone/Organs"},
        {"fingerprint", {{"training", "3f00aa"}}},
        {"split",
         {{"training", {"patient_x", "patient_y"}}, {"validation", nlohmann::json::array({"patient_z"})}}}}}};
  exportTorchScript(*networks::makeNetwork(description_.network, 3), description_, file_);
  const auto got = loadTorchScript(file_).description.provenance;
  EXPECT_EQ(got.dump().find("patient_"), std::string::npos);
  EXPECT_EQ(got.dump().find("someone"), std::string::npos);
  EXPECT_EQ(got["config"]["data"], "Organs");
  EXPECT_EQ(got["config"]["split"], "splits.json:2");
  EXPECT_EQ(got["data"]["path"], "Organs");
  EXPECT_EQ(got["data"]["split"]["training"], 2);
  EXPECT_EQ(got["data"]["split"]["validation"], 1);
  EXPECT_EQ(got["data"]["fingerprint"]["training"], "3f00aa");
}

TEST(Shareable, KeepsAFoldAndAPhantomAsTheyAre) {
  const auto settings = shareableSettings({{"data", "phantom:amos,cases=2"}, {"split", "0/5"}});
  EXPECT_EQ(settings["data"], "phantom:amos,cases=2");
  EXPECT_EQ(settings["split"], "0/5");
}

TEST_F(TorchScript, IsTheOnlyFileLeftInItsFolder) {
  const std::filesystem::directory_iterator files(folder_.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(TorchScript, IsRefusedWhenCutShortMissingOrSomethingElse) {
  const std::string whole = core::readFile(file_);
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, whole.size() / 2, whole.size() - 30}) {
    core::writeFileWhole(folder_ / "cut.ts", whole.substr(0, size));
    EXPECT_THROW(loadTorchScript(folder_ / "cut.ts"), InputError);
  }
  EXPECT_THROW(loadTorchScript(folder_ / "none.ts"), InputError);
}

TEST_F(TorchScript, LeavesTheOldFileWhereTheNewOneCannotBeWritten) {
  const auto network = networks::makeNetwork(description_.network, 4);
  EXPECT_THROW(exportTorchScript(*network, description_, folder_ / "none" / "model.ts"), InputError);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none"));
}

}  // namespace
}  // namespace rind::exporting
