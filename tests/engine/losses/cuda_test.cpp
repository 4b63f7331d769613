// The CUDA kernels of the losses: their arithmetic on the processor, thread by thread, and, where there is a
// GPU, the kernels themselves.
#include <ATen/ATen.h>
#include <dlfcn.h>

#include <cstdlib>
#include <string>

#include "fused_equals_composed.h"
#include "rind/losses/composed.h"
#include "rind/losses/cuda/region_kernels.h"
#include "rind/losses/cuda/region_passes.h"
#include "rind/losses/late_loss.h"

namespace rind::losses::testing {
namespace {

using cuda::kSumsPerClass;
using cuda::kSumsPerRegion;
using cuda::kThreads;

struct Emulated {
  cuda::Input<float> input;
  at::Tensor logits, labels, band, weight;
};

Emulated emulated(const LossCase& made, bool weighted, bool channels_last) {
  const auto format = channels_last ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::Contiguous;
  Emulated result{{},
                  made.logits.to(at::kFloat).contiguous(format),
                  made.target.labels,
                  made.target.band,
                  made.target.weight.to(at::kFloat).contiguous()};
  const std::int64_t classes = result.logits.size(1), voxels = result.labels.numel() / result.logits.size(0);
  result.input = {{result.logits.size(0), voxels, static_cast<int>(classes), channels_last ? 1 : voxels,
                   channels_last ? classes : 1},
                  result.logits.const_data_ptr<float>(),
                  result.labels.const_data_ptr<std::uint8_t>(),
                  result.band.const_data_ptr<std::uint8_t>(),
                  weighted ? result.weight.const_data_ptr<float>() : nullptr};
  return result;
}

/// What one block of threads adds up, its phases one thread after the other.
RegionSums sumsByOneBlock(const cuda::Input<float>& input, int& faults) {
  const auto classes = static_cast<std::size_t>(input.layout.classes);
  std::vector<float> elsewhere(classes * kThreads);
  std::vector<std::array<double, kSumsPerRegion>> regions(2 * classes);
  cuda::Tile tile{};
  tile.elsewhere = elsewhere.data();
  for (std::int64_t first = 0; first < input.layout.count(); first += kThreads) {
    for (int t = 0; t < kThreads; ++t) faults |= cuda::measureVoxel(input, first + t, t, tile);
    for (std::size_t r = 0; r < regions.size(); ++r)
      cuda::addTile(tile, static_cast<int>(r), regions[r].data());
  }
  RegionSums sums;
  sums.voxels = static_cast<double>(input.layout.count());
  const auto part = [&](std::size_t r) {
    return RegionPart{regions[r][0], regions[r][1], regions[r][2], regions[r][3]};
  };
  for (std::size_t c = 0; c < classes; ++c) {
    double sum = 0;
    for (int t = 0; t < kThreads; ++t) sum += elsewhere[c * kThreads + static_cast<std::size_t>(t)];
    sums.classes.push_back({sum, part(2 * c + 1), part(2 * c)});
  }
  return sums;
}

void expectNear(const RegionPart& a, const RegionPart& b) {
  EXPECT_EQ(a.voxels, b.voxels);
  EXPECT_NEAR(a.probability, b.probability, 1e-5 * (1 + b.probability));
  EXPECT_NEAR(a.cross_entropy, b.cross_entropy, 1e-5 * (1 + b.cross_entropy));
  EXPECT_NEAR(a.weighted_cross_entropy, b.weighted_cross_entropy, 1e-5 * (1 + b.weighted_cross_entropy));
}

std::vector<ClassCoefficients> someCoefficients(std::int64_t classes) {
  std::vector<ClassCoefficients> result;
  for (std::int64_t c = 0; c < classes; ++c) {
    const auto x = static_cast<double>(c);
    result.push_back({std::sin(x), std::cos(x), std::sin(2 * x), 1 + x, 2 - 0.1 * x});
  }
  return result;
}

TEST(CudaArithmetic, SumsAndGradientEqualTheComposedOnes) {
  for (const CaseShape& shape :
       {CaseShape{2, 3, 4, 5, 6}, CaseShape{1, 16, 7, 9, 11}, CaseShape{1, 64, 3, 5, 7}}) {
    const LossCase made = randomCase(shape, 50);
    for (const bool weighted : {false, true}) {
      for (const bool channels_last : {false, true}) {
        const Emulated run = emulated(made, weighted, channels_last);
        int faults = 0;
        const RegionSums sums = sumsByOneBlock(run.input, faults);
        const RegionSums exact = composedSums(made.logits, made.target, weighted);
        EXPECT_EQ(faults, cuda::kNone);
        for (std::size_t c = 0; c < exact.classes.size(); ++c) {
          EXPECT_NEAR(sums.classes[c].elsewhere, exact.classes[c].elsewhere,
                      1e-5 * (1 + exact.classes[c].elsewhere));
          expectNear(sums.classes[c].band, exact.classes[c].band);
          expectNear(sums.classes[c].interior, exact.classes[c].interior);
        }
        const std::vector<ClassCoefficients> coefficients = someCoefficients(shape.classes);
        const std::vector<float> values = tableValues(coefficients);
        const at::Tensor gradient = at::empty_like(run.logits);
        for (std::int64_t v = 0; v < run.input.layout.count(); ++v)
          cuda::writeVoxel(run.input, v, tablesIn(values.data(), coefficients.size()),
                           gradient.mutable_data_ptr<float>());
        const at::Tensor expected = composedGradient(made.logits, made.target, weighted, coefficients);
        EXPECT_LE((gradient - expected).abs().max().item<double>(),
                  2e-6 * expected.abs().max().item<double>());
      }
    }
  }
}

TEST(CudaArithmetic, StandsLargeLogitsAndNamesFaults) {
  LossCase made = randomCase({1, 4, 3, 6, 7}, 51);
  made.logits *= 80;
  int faults = 0;
  const RegionSums sums = sumsByOneBlock(emulated(made, false, false).input, faults);
  const RegionSums exact = composedSums(made.logits, made.target, false);
  EXPECT_EQ(faults, cuda::kNone);
  for (std::size_t c = 0; c < exact.classes.size(); ++c)
    expectNear(sums.classes[c].band, exact.classes[c].band);
  made.logits[0][1][0][0][0] = -std::numeric_limits<double>::infinity();
  made.target.labels[0][2][5][6] = 4;
  const Emulated run = emulated(made, false, false);
  sumsByOneBlock(run.input, faults);
  EXPECT_EQ(faults, cuda::kNotFinite | cuda::kLabelBeyond);
  const std::vector<float> values = tableValues(someCoefficients(4));
  const at::Tensor gradient = at::full_like(run.logits, 7);
  cuda::writeVoxel(run.input, run.input.layout.count() - 1, tablesIn(values.data(), 4),
                   gradient.mutable_data_ptr<float>());
  EXPECT_EQ(gradient[0].slice(0, 0).select(1, 2).select(1, 5).select(1, 6).abs().max().item<float>(), 0);
}

/// Whether tools/gpu-check asks for the GPU.
bool gpuIsAskedFor() {
  const char* const wanted = std::getenv("RIND_TEST_DEVICE");
  return wanted != nullptr && std::string(wanted).starts_with("cuda");
}

/// LibTorch's GPU half is found only where it is loaded before LibTorch first computes.
class GpuHalf : public ::testing::Environment {
  void SetUp() override {
    if (gpuIsAskedFor()) ::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
  }
};
[[maybe_unused]] const auto* const kGpuHalf = ::testing::AddGlobalTestEnvironment(new GpuHalf);

TEST(CudaKernels, EqualTheComposedLossesOnAGpu) {
  if (!gpuIsAskedFor()) GTEST_SKIP() << "only tools/gpu-check asks for a GPU";
  ASSERT_NE(::dlopen("libtorch_cuda.so", RTLD_NOW), nullptr) << "the GPU half: " << ::dlerror();
  ASSERT_TRUE(at::hasCUDA()) << "LibTorch finds no GPU";
  if (!cuda::kernelsAreBuilt()) GTEST_SKIP() << "built without a CUDA toolkit";
  const LossCase made = randomCase({2, 16, 9, 20, 31}, 52);
  const auto there = [](const at::Tensor& tensor) { return tensor.to(at::kCUDA); };
  const Target target{there(made.target.labels), there(made.target.band), there(made.target.weight)};
  for (const at::ScalarType type : {at::kFloat, at::kHalf, at::kBFloat16}) {
    for (const at::MemoryFormat format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast3d}) {
      const at::Tensor logits = there(made.logits).to(type).contiguous(format);
      ASSERT_TRUE(cuda::takes(logits));
      for (const core::LossSettings& settings : everyLoss()) {
        SCOPED_TRACE(nameOf(settings));
        const Evaluation fused = evaluate(logits, target, settings, true, true);
        const Evaluation exact = evaluateComposed(logits.to(at::kDouble), target, settings, true, true);
        EXPECT_NEAR(fused.report.total, exact.report.total, 1e-5 * std::abs(exact.report.total) + 1e-6);
        const double largest = exact.gradient.abs().max().item<double>();
        const double error = (fused.gradient.to(at::kDouble) - exact.gradient).abs().max().item<double>();
        EXPECT_LE(error, (type == at::kFloat ? 1e-5 : 1.0 / 256) * largest);

        LateLoss late(at::kCUDA, 16);
        Target wanted = target;
        if (!needsWeight(settings.kind)) wanted.weight.reset();
        late.expect(settings, true);
        const auto enqueued = late.evaluate(logits, wanted);
        const at::Tensor unweighted = evaluate(logits, wanted, settings, true, true).gradient;
        EXPECT_EQ(enqueued.fault.item<float>(), 0);  // waits for the device
        EXPECT_EQ(late.take().total, fused.report.total);
        EXPECT_TRUE(at::equal(enqueued.gradient, unweighted));
      }
    }
  }
}

}  // namespace
}  // namespace rind::losses::testing
