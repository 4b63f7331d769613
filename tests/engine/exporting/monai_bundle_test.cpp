#include "rind/exporting/monai_bundle.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_run.h"
#include "rind/core/error.h"
#include "rind/exporting/torchscript.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using core::InputError;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

json read(const fs::path& file) {
  return json::parse(core::readFile(file));
}

class MonaiBundle : public testing::Test {
 protected:
  ExampleRun run_;
  test_support::TemporaryFolder folder_;
  fs::path bundle_ = folder_ / "bundle";
};

TEST_F(MonaiBundle, HasEveryFileAndMandatoryKey) {
  exportRun(run_.path(), "monai-bundle", bundle_, {"A. Author", "CC-BY-4.0"});
  for (const char* file : {"docs/README.md", "docs/model_card.md", "docs/license.txt", "models/model.ts",
                           "configs/inference.json"})
    EXPECT_TRUE(fs::exists(bundle_ / file)) << file;
  const json metadata = read(bundle_ / "configs" / "metadata.json");
  // MONAI's specification of the format, and what its newer schema asks beyond it.
  for (const char* key :
       {"schema", "version", "changelog", "monai_version", "pytorch_version", "numpy_version",
        "required_packages_version", "task", "description", "authors", "copyright", "network_data_format"})
    EXPECT_TRUE(metadata.contains(key)) << key;
  EXPECT_EQ(metadata["license"], "CC-BY-4.0");
  for (const auto& format : {metadata["network_data_format"]["inputs"]["image"],
                             metadata["network_data_format"]["outputs"]["pred"]})
    for (const char* key : {"type", "format", "modality", "num_channels", "spatial_shape", "dtype",
                            "value_range", "is_patch_data", "channel_def"})
      EXPECT_TRUE(format.contains(key)) << key;
  EXPECT_EQ(metadata["network_data_format"]["outputs"]["pred"]["channel_def"]["2"], "spleen");
  EXPECT_EQ(metadata["eval_metrics"]["mean_dice"], 0.625);
}

TEST_F(MonaiBundle, ItsModelComputesWhatTheNetworkDoes) {
  exportRun(run_.path(), "monai-bundle", bundle_);
  const at::NoGradGuard no_gradients;
  const auto image = at::cos(at::arange(8192, at::kFloat)).view({1, 2, 16, 16, 16});
  const auto model = loadTorchScript(bundle_ / "models" / "model.ts");
  EXPECT_TRUE(at::allclose(model.forward(image), loadRun(run_.path()).network->forward(image), 1e-5, 1e-5));
}

TEST_F(MonaiBundle, BringsItsOwnTransformsOnlyWhereMonaiHasNone) {
  exportRun(run_.path(), "monai-bundle", bundle_);  // 1x0.5x0.5 mm, CT
  const std::string own = read(bundle_ / "configs" / "inference.json").dump();
  EXPECT_THAT(own, HasSubstr("scripts.rind_transforms.ResampleToSpacing"));
  EXPECT_THAT(own, HasSubstr("scripts.rind_transforms.ClipToPercentiles"));
  EXPECT_THAT(own, HasSubstr("MapLabelValued")) << "labels 0, 1, 4";
  EXPECT_THAT(core::readFile(bundle_ / "scripts" / "rind_transforms.py"), HasSubstr("class RestoreGrid"));

  auto plain = exampleModel("unet", {16, 16, 16});
  plain.preprocessing = {};
  plain.labels = core::makeLabelSet({{0, "background"}, {1, "liver"}, {2, "spleen"}});
  exportRun(ExampleRun(plain).path(), "monai-bundle", bundle_);
  EXPECT_FALSE(fs::exists(bundle_ / "scripts")) << "the older bundle is gone whole";
  EXPECT_THAT(read(bundle_ / "configs" / "inference.json").dump(), Not(HasSubstr("scripts.")));
}

TEST_F(MonaiBundle, CropsAsRindPredictDoes) {
  auto model = exampleModel("unet", {16, 16, 16});
  model.preprocessing = {};
  model.preprocessing.crop.nonzero = true;
  exportRun(ExampleRun(model).path(), "monai-bundle", bundle_);
  const json inference = read(bundle_ / "configs" / "inference.json");
  std::vector<std::string> steps;
  for (const char* part : {"preprocessing", "postprocessing"})
    for (const auto& one : inference[part]["transforms"]) steps.push_back(one["_target_"].get<std::string>());
  const std::string own = "scripts.rind_transforms.";
  EXPECT_THAT(steps,
              testing::ElementsAre("LoadImaged", own + "FindNonzeroBox", "Transposed", "NormalizeIntensityd",
                                   own + "CropToNonzeroBox", "EnsureTyped", "AsDiscreted", own + "RestoreBox",
                                   "Transposed", "MapLabelValued", "SaveImaged"))
      << "the box is that of the image as it was read; normalisation looks at all of it";
  EXPECT_TRUE(fs::exists(bundle_ / "scripts" / "rind_transforms.py"));
}

TEST_F(MonaiBundle, WritesLabelsInATypeThatHoldsThem) {
  const auto typeWith = [&](int value) {
    auto model = exampleModel("unet", {16, 16, 16});
    model.labels[2].value = value;
    exportRun(ExampleRun(model).path(), "monai-bundle", bundle_);
    return read(bundle_ / "configs" / "inference.json")["postprocessing"]["transforms"]
        .back()["output_dtype"];
  };
  EXPECT_EQ(typeWith(255), "$np.uint8");
  EXPECT_EQ(typeWith(300), "$np.uint16");
  EXPECT_EQ(typeWith(70000), "$np.int32");
}

TEST_F(MonaiBundle, ReplacesABundleAndNothingElse) {
  fs::create_directories(bundle_);
  exportRun(run_.path(), "monai-bundle", bundle_);
  fs::create_directories(bundle_ / "scripts" / "__pycache__");
  core::writeFileWhole(bundle_ / "scripts" / "__pycache__" / "rind_transforms.pyc", "x");
  exportRun(run_.path(), "monai-bundle", bundle_);
  EXPECT_FALSE(fs::exists(bundle_ / "scripts" / "__pycache__"));

  fs::create_directories(bundle_ / "labels");  // where MONAI puts its results if nothing else is said
  core::writeFileWhole(bundle_ / "labels" / "case_1.nii.gz", "x");
  EXPECT_THROW(exportRun(run_.path(), "monai-bundle", bundle_), InputError);
  EXPECT_TRUE(fs::exists(bundle_ / "labels" / "case_1.nii.gz"));

  const fs::path mine = folder_ / "mine";
  fs::create_directories(mine);
  core::writeFileWhole(mine / "thesis.txt", "x");
  EXPECT_THROW(exportRun(run_.path(), "monai-bundle", mine), InputError);
  EXPECT_TRUE(fs::exists(mine / "thesis.txt"));
  EXPECT_THROW(exportRun(run_.path(), "monai-bundle", folder_ / "none" / "bundle"), InputError);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 2) << "bundle and mine";
}

TEST_F(MonaiBundle, AnUnknownFormatIsAnsweredWithThoseThereAre) {
  try {
    exportRun(run_.path(), "keras", folder_ / "model");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("torchscript, onnx, monai-bundle, model-card"));
  }
}

}  // namespace
}  // namespace rind::exporting
