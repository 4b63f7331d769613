#include "rind/networks/weights.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/networks/network.h"
#include "rind/networks/weights_file.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::networks {
namespace {

using core::InputError;

NetworkSettings settings(int classes = 3) {
  return {.classes = classes, .base_channels = 4, .patch = {1, 16, 16}};
}

class Weights : public testing::Test {
 protected:
  void SetUp() override { saveWeights(file_, *saved_); }

  /// Loads `content` as a file; the module must stay as it was.
  void expectRefused(const std::string& content) {
    const auto file = folder_ / "bad.weights";
    core::writeFileWhole(file, content);
    auto network = makeNetwork(settings(), 2);
    const auto before = network->parameters()[0].clone();
    EXPECT_THROW(loadWeights(file, *network), DamagedFile);
    EXPECT_TRUE(at::equal(network->parameters()[0], before));
  }

  test_support::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "best.weights";
  std::shared_ptr<Network> saved_ = makeNetwork(settings(), 1);
};

TEST_F(Weights, ComeBackExactlyWithRunningStatistics) {
  saved_->forward(
      at::sin(at::arange(512, at::kFloat)).view({2, 1, 1, 16, 16}));  // moves the running statistics
  preferChannelsLast(*saved_);  // the layout in memory is not the file's affair
  saveWeights(file_, *saved_);
  auto loaded = makeNetwork(settings(), 2);
  loadWeights(file_, *loaded);
  for (const auto& item : saved_->named_parameters())
    EXPECT_TRUE(at::equal(item.value(), *loaded->named_parameters().find(item.key()))) << item.key();
  for (const auto& item : saved_->named_buffers())
    EXPECT_TRUE(at::equal(item.value(), *loaded->named_buffers().find(item.key()))) << item.key();
}

TEST_F(Weights, AreRefusedWhenCutShortOrDamagedAnywhere) {
  const std::string whole = core::readFile(file_);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{19}, whole.size() / 2, whole.size() - 1})
    expectRefused(whole.substr(0, size));
  for (const std::size_t at :
       {std::size_t{3}, std::size_t{9}, std::size_t{40}, whole.size() / 2, whole.size() - 2}) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    expectRefused(damaged);
  }
}

TEST_F(Weights, OfAnotherNetworkOrThatCannotBeReadAreNotCalledDamaged) {
  const auto problemWith = [](const std::filesystem::path& file, Network& network) -> std::string {
    try {
      loadWeights(file, network);
    } catch (const DamagedFile& error) {
      return std::string("damaged: ") + error.what();
    } catch (const InputError& error) {
      return error.problem();
    }
    return "none";
  };
  EXPECT_EQ(problemWith(file_, *makeNetwork(settings(4), 2)), "its weights are those of another network");
  EXPECT_EQ(problemWith(folder_.path(), *saved_), "cannot be read (Is a directory)");
}

TEST_F(Weights, SayWhichFileIsMissing) {
  try {
    loadWeights(folder_ / "none.weights", *saved_);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(error.where().find("none.weights"), std::string::npos);
  }
}

}  // namespace
}  // namespace rind::networks
