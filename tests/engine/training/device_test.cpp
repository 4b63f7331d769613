#include "rind/training/device.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "rind/core/error.h"

namespace rind::training {
namespace {

/// LibTorch's GPU half is found only where it is loaded before LibTorch first computes, and these tests are
/// not the first of their program.
class GpuHalf : public ::testing::Environment {
  void SetUp() override { loadGpuHalf(); }
};
[[maybe_unused]] const auto* const kGpuHalf = ::testing::AddGlobalTestEnvironment(new GpuHalf);

std::string refusalOf(const std::string& device) {
  try {
    chooseCompute(device, "fp32");
  } catch (const core::InputError& error) {
    EXPECT_EQ(error.where(), "--device");
    return error.what();
  }
  ADD_FAILURE() << device << " was taken";
  return {};
}

}  // namespace

TEST(Device, TheProcessorIsTakenInThePrecisionThatIsAskedFor) {
  for (const bool bf16 : {false, true}) {
    const Compute compute = chooseCompute("cpu", bf16 ? "bf16" : "fp32");
    EXPECT_TRUE(compute.device.is_cpu());
    EXPECT_EQ(compute.bf16, bf16);
  }
}

TEST(Device, AGpuThatIsNotThereIsRefusedWithTheReason) {
  const std::string text = refusalOf("cuda:99");
  const std::string& why = loadGpuHalf();
  if (why.empty())
    EXPECT_NE(text.find("there is no GPU cuda:99 here"), std::string::npos) << text;
  else
    EXPECT_NE(text.find("could not be loaded (" + why + ")"), std::string::npos) << text;
}

/// A half whose own libraries are missing (cuBLAS, say) is a file that is there, so the reason has to be
/// told.
TEST(Device, TheReasonIsTheLoadersAndNamesTheFile) {
  const std::string& why = loadGpuHalf();
  if (why.empty()) GTEST_SKIP() << "LibTorch's GPU half is here";
  EXPECT_EQ(::dlopen("libtorch_cuda.so", RTLD_NOW), nullptr);
  EXPECT_EQ(why, ::dlerror());
  EXPECT_NE(why.find(".so"), std::string::npos) << why;
  EXPECT_TRUE(chooseCompute("auto", "fp32").device.is_cpu());
}

}  // namespace rind::training
