#include "rind/exporting/onnx.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "example_model.h"
#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/npy.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::exporting {
namespace {

using core::Extent3;

/// Where tests/parity/onnx_parity.py looks for models with inputs and outputs: RIND_PARITY, or nowhere.
std::filesystem::path examplesFolder(const test_support::TemporaryFolder& otherwise) {
  const char* given = std::getenv("RIND_PARITY");
  return given ? std::filesystem::path(given) : otherwise.path();
}

void writeTensor(const std::filesystem::path& path, const at::Tensor& tensor) {
  const auto values = tensor.contiguous();
  core::writeNpy(path, "f4", values.sizes().vec(), values.const_data_ptr());
}

class OnnxOf : public testing::TestWithParam<std::string> {};

TEST_P(OnnxOf, IsWrittenAsOnnxWithWhatItComputes) {
  const at::NoGradGuard no_gradients;
  const test_support::TemporaryFolder temporary;
  int number = 0;
  for (const Extent3& wanted : {Extent3{16, 16, 32}, Extent3{1, 32, 32}}) {
    auto description = exampleModel(GetParam(), wanted);
    description.provenance = nlohmann::json::object();
    description.provenance["data"]["split"]["training"] = nlohmann::json::array({"patient_x"});
    const auto network = networks::makeNetwork(description.network, 3);
    auto size = description.network.patch;
    const auto imageOf = [&](std::int64_t batch) {
      return at::cos(at::arange(batch * 2 * size.voxels(), at::kFloat) * 0.11f)
          .view({batch, 2, size.z, size.y, size.x});
    };
    network->forward(imageOf(2));  // moves the running statistics
    const auto stem = (examplesFolder(temporary) / (GetParam() + std::to_string(number++))).string();
    exportOnnx(*network, description, stem + ".onnx");
    network->eval();
    if (const auto& info = networks::networkInfo(GetParam()); !info.fixed_patch) size.y += info.divisor;
    writeTensor(stem + "_image.npy", imageOf(2));
    writeTensor(stem + "_logits.npy", network->forward(imageOf(2)));
    std::int64_t weights = 0;
    for (const auto& parameter : network->parameters()) weights += parameter.numel();
    EXPECT_GT(std::filesystem::file_size(stem + ".onnx"), static_cast<std::uintmax_t>(4 * weights));
    const std::string file = core::readFile(stem + ".onnx");
    EXPECT_NE(file.find("rind-model-1"), std::string::npos);
    EXPECT_EQ(file.find("patient_x"), std::string::npos) << "no names of cases";
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& info : networks::networkTable()) all.push_back(info.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(EachNetwork, OnnxOf, testing::ValuesIn(names()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace rind::exporting
