#include "rind/exporting/loaded_model.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "example_model.h"
#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/exporting/channel_order.h"
#include "rind/exporting/torchscript.h"
#include "rind/networks/network.h"
#include "rind/networks/weights.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::exporting {
namespace {

using core::InputError;

/// A run folder as far as prediction needs it.
class LoadedModelTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(run_ / "checkpoints");
    core::writeFileWhole(run_ / "run.json", nlohmann::json{{"model", description_}}.dump());
    network_->eval();
  }
  at::Tensor expected() const {
    const at::NoGradGuard no_gradients;
    return network_->forward(image_);
  }

  test_support::TemporaryFolder folder_;
  std::filesystem::path run_ = folder_ / "run";
  ModelDescription description_ = exampleModel("unet", {16, 16, 16});
  std::shared_ptr<networks::Network> network_ = networks::makeNetwork(description_.network, 3);
  at::Tensor image_ = at::cos(at::arange(8192, at::kFloat)).view({1, 2, 16, 16, 16});
};

TEST_F(LoadedModelTest, PredictsFromARunFolderAsItsNetworkDoes) {
  networks::saveWeights(run_ / "checkpoints" / "best.weights", *network_);
  const auto model = loadModel(run_);
  EXPECT_EQ(model.description.labels, description_.labels);
  EXPECT_EQ(model.warning, "");
  EXPECT_TRUE(at::allclose(model.forward(image_), expected(), 1e-4, 1e-5));
}

/// A checkpoint as the trainer writes it, as far as loading goes.
class CheckpointLike : public torch::nn::Module {
 public:
  explicit CheckpointLike(const std::shared_ptr<networks::Network>& network) {
    register_module("network", std::static_pointer_cast<torch::nn::Module>(network));
    register_buffer("whole", at::zeros({3}, at::kLong));
  }
};

TEST_F(LoadedModelTest, FallsBackToTheLastGoodCheckpointAndSaysWhy) {
  networks::saveWeights(run_ / "checkpoints" / "previous.checkpoint", CheckpointLike(network_));
  EXPECT_NE(loadModel(run_).warning.find("best.weights is missing"), std::string::npos);
  EXPECT_TRUE(at::allclose(loadModel(run_).forward(image_), expected(), 1e-4, 1e-5));
  core::writeFileWhole(run_ / "checkpoints" / "best.weights", "RINDWTS1 torn");
  const auto model = loadModel(run_);
  EXPECT_NE(model.warning.find("best.weights"), std::string::npos);
  EXPECT_TRUE(at::allclose(model.forward(image_), expected(), 1e-4, 1e-5));
  core::writeFileWhole(run_ / "checkpoints" / "previous.checkpoint", "RINDWTS1 torn");
  EXPECT_THROW(loadModel(run_), InputError);
}

TEST(ChannelOrder, IsAnotherWhereANameIsAtAnotherPlace) {
  EXPECT_TRUE(isOtherOrder({"T1w", "FLAIR"}, {"FLAIR", "T1w"}));
  EXPECT_TRUE(isOtherOrder({"FLAIR", "T1w", "t1gd"}, {"flair", "T1ce", "t1w"}));
  EXPECT_FALSE(isOtherOrder({"T1w", "FLAIR"}, {"t1w", "flair"}));
  EXPECT_FALSE(isOtherOrder({"CT"}, {"image"})) << "another name is not another order";
  EXPECT_FALSE(isOtherOrder({"MRI", "MRI"}, {"MRI", "MRI"}));
  EXPECT_FALSE(isOtherOrder({"T1w", "FLAIR"}, {})) << "one file has no names";
}

TEST_F(LoadedModelTest, PredictsFromAnExportedFile) {
  exportTorchScript(*network_, description_, folder_ / "model.ts");
  EXPECT_TRUE(at::allclose(loadModel(folder_ / "model.ts").forward(image_), expected(), 1e-4, 1e-5));
}

TEST_F(LoadedModelTest, SaysWhatIsMissing) {
  EXPECT_THROW(loadModel(folder_ / "none"), InputError);
  EXPECT_THROW(loadModel(run_), InputError);  // no checkpoint yet
  std::filesystem::remove(run_ / "run.json");
  EXPECT_THROW(loadModel(run_), InputError);
  core::writeFileWhole(run_ / "run.json", "{\"model\": 3");
  EXPECT_THROW(loadModel(run_), InputError);
}

}  // namespace
}  // namespace rind::exporting
