#include "rind/exporting/monai_configs.h"

#include <algorithm>
#include <cmath>

#include "rind/core/version.h"
#include "rind/exporting/model_card.h"
#include "rind/exporting/run_history.h"
#include "rind/networks/network.h"

namespace rind::exporting {
namespace {

using Json = nlohmann::ordered_json;

// What tests/parity/requirements.txt pins: the versions the bundle is tried with.
constexpr const char* kMonai = "1.6.1";
constexpr const char* kNumpy = "2.4.6";
constexpr const char* kNibabel = "5.4.2";
constexpr const char* kIgnite = "0.5.5";

Json extentOf(const core::Extent3& e) {
  return {e.z, e.y, e.x};
}

Json inputFormat(const ModelDescription& d) {
  Json channels = Json::object();
  for (std::size_t c = 0; c < d.channels.size(); ++c) channels[std::to_string(c)] = d.channels[c];
  return {{"type", "image"},
          {"format", "magnitude"},
          {"modality", d.channels.empty() ? "n/a" : d.channels.front()},
          {"num_channels", d.network.in_channels},
          {"spatial_shape", extentOf(d.window)},
          {"dtype", "float32"},
          {"value_range", Json::array()},
          {"is_patch_data", true},
          {"channel_def", channels}};
}

Json outputFormat(const ModelDescription& d) {
  Json classes = Json::object();
  for (std::size_t c = 0; c < d.labels.size(); ++c) classes[std::to_string(c)] = d.labels[c].name;
  return {{"type", "image"},
          {"format", "labels"},
          {"modality", "n/a"},
          {"num_channels", d.network.classes},
          {"spatial_shape", extentOf(d.window)},
          {"dtype", "float32"},
          {"value_range", Json::array()},
          {"is_patch_data", true},
          {"channel_def", classes}};
}

/// Mean DSC of the best epoch and of each class, where the run has them.
Json scoresOf(const RunHistory& history) {
  Json scores = Json::object();
  for (const auto& epoch : history.epochs)
    if (epoch.best && std::isfinite(epoch.mean_dsc)) scores["mean_dice"] = epoch.mean_dsc;
  for (const auto& s : history.scores)
    if (std::isfinite(s.dsc.mean)) scores["dice_" + s.name] = s.dsc.mean;
  return scores;
}

Json step(const std::string& target, Json arguments) {
  Json made = {{"_target_", target}};
  made.update(arguments);
  return made;
}

constexpr const char* kTransforms = "scripts.rind_transforms.";

/// [C, x, y, z] ↔ [C, z, y, x].
Json transposed(const char* key) {
  return step("Transposed", {{"keys", key}, {"indices", {0, 3, 2, 1}}});
}

Json preprocessing(const core::Preprocessing& settings) {
  Json steps = Json::array();
  steps.push_back(step("LoadImaged", {{"keys", "image"}, {"ensure_channel_first", true}}));
  if (settings.crop.nonzero)
    steps.push_back(step(std::string(kTransforms) + "FindNonzeroBox", {{"keys", "image"}}));
  if (const auto& s = settings.spacing) {
    Json arguments = {{"keys", "image"}, {"spacing", {s->x, s->y, s->z}}};
    if (settings.interpolation == core::Interpolation::bspline) arguments["bspline"] = true;
    steps.push_back(step(std::string(kTransforms) + "ResampleToSpacing", arguments));
  }
  steps.push_back(transposed("image"));
  if (settings.normalisation == core::Normalisation::ct)
    steps.push_back(step(std::string(kTransforms) + "ClipToPercentiles", {{"keys", "image"}}));
  steps.push_back(
      step("NormalizeIntensityd", {{"keys", "image"},
                                   {"nonzero", settings.normalisation == core::Normalisation::zscore_nonzero},
                                   {"channel_wise", true}}));
  if (settings.crop.nonzero)
    steps.push_back(step(std::string(kTransforms) + "CropToNonzeroBox", {{"keys", "image"}}));
  steps.push_back(
      step("EnsureTyped", {{"keys", "image"}, {"device", "@device"}, {"dtype", "$torch.float32"}}));
  return step("Compose", {{"transforms", steps}});
}

bool isNumberedFromZero(const core::LabelSet& labels) {
  for (std::size_t c = 0; c < labels.size(); ++c)
    if (labels[c].value != static_cast<int>(c)) return false;
  return true;
}

/// The smallest of the files' types that holds every value.
const char* typeFor(const core::LabelSet& labels) {
  int most = 0;
  for (const auto& label : labels) most = std::max(most, label.value);
  return most <= 255 ? "$np.uint8" : most <= 65535 ? "$np.uint16" : "$np.int32";
}

Json postprocessing(const ModelDescription& d) {
  Json steps = Json::array();
  steps.push_back(step("AsDiscreted", {{"keys", "pred"}, {"argmax", true}}));
  if (d.preprocessing.crop.nonzero)
    steps.push_back(step(std::string(kTransforms) + "RestoreBox", {{"keys", "pred"}}));
  steps.push_back(transposed("pred"));
  if (d.preprocessing.spacing)
    steps.push_back(
        step(std::string(kTransforms) + "RestoreGrid", {{"keys", "pred"}, {"classes", d.network.classes}}));
  if (!isNumberedFromZero(d.labels)) {
    Json classes = Json::array(), values = Json::array();
    for (std::size_t c = 0; c < d.labels.size(); ++c)
      classes.push_back(c), values.push_back(d.labels[c].value);
    steps.push_back(
        step("MapLabelValued", {{"keys", "pred"}, {"orig_labels", classes}, {"target_labels", values}}));
  }
  steps.push_back(step("SaveImaged", {{"keys", "pred"},
                                      {"output_dir", "@output_dir"},
                                      {"output_postfix", ""},
                                      {"output_ext", ".nii.gz"},
                                      {"output_dtype", typeFor(d.labels)},
                                      {"separate_folder", false},
                                      {"resample", false}}));
  return step("Compose", {{"transforms", steps}});
}

/// One file an image; of several channels, also nnU-Net's way: NAME_0000.nii.gz and so on.
std::string dataList(int channels) {
  const std::string all = "sorted(glob.glob(os.path.join(@dataset_dir, '*.nii.gz')))";
  if (channels == 1) return "$" + all;
  return "$[[f[:-11] + '%04d.nii.gz' % c for c in range(" + std::to_string(channels) +
         ")] if f.endswith('_0000.nii.gz') else f for f in " + all +
         " if f.endswith('_0000.nii.gz') or not re.search(r'_\\d{4}\\.nii\\.gz$', f)]";
}

}  // namespace

bool needsOwnTransforms(const core::Preprocessing& preprocessing) {
  return preprocessing.spacing || preprocessing.crop.nonzero ||
         preprocessing.normalisation == core::Normalisation::ct;
}

Json monaiMetadata(const TrainedNetwork& run, const ExportNotes& notes) {
  const auto& d = run.description;
  const RunHistory history = readRunHistory(run.folder);
  const auto data = history.run.value("data", nlohmann::json::object());
  const auto config = history.run.value("config", nlohmann::json::object());
  const std::string names = foregroundNames(d);
  const std::string title = networks::networkInfo(d.network.name).title;
  return {{"schema",
           "https://github.com/Project-MONAI/MONAI-extra-test-data/releases/download/0.8.1/"
           "meta_schema_20240725.json"},
          {"version", "0.1.0"},
          {"changelog", {{"0.1.0", std::string("exported by rind ") + core::kVersion}}},
          {"monai_version", kMonai},
          {"pytorch_version", core::kLibTorchVersion},
          {"numpy_version", kNumpy},
          {"required_packages_version", {{"nibabel", kNibabel}, {"pytorch-ignite", kIgnite}}},
          {"supported_apps", Json::object()},
          {"name", modelName(run)},
          {"task", "Segmentation of " + names},
          {"description", "A " + title + " with " + std::to_string(networks::parameterCount(*run.network)) +
                              " parameters, trained by Rind with the loss " + config.value("loss", "?") +
                              "; segments " + names + "."},
          {"authors", stated(notes.authors)},
          {"copyright", stated(notes.authors)},
          {"license", stated(notes.licence)},
          {"data_source", data.value("name", "not stated")},
          {"data_type", data.value("layout", "not stated")},
          {"image_classes", "normalised intensities, see docs/model_card.md"},
          {"label_classes", "one channel, " + std::to_string(d.network.classes) + " classes"},
          {"pred_classes", "logits, one channel a class"},
          {"eval_metrics", run.hasBestWeights() ? scoresOf(history) : Json::object()},
          {"intended_use", "Research; not a medical device, not for diagnosis."},
          {"references",
           {"Huang, Sun: Contour-weighted loss for class-imbalanced image segmentation. ICIP 2024."}},
          {"network_data_format",
           {{"inputs", {{"image", inputFormat(d)}}}, {"outputs", {{"pred", outputFormat(d)}}}}}};
}

Json monaiInference(const ModelDescription& d) {
  return {
      {"imports", {"$import glob", "$import os", "$import re", "$import numpy as np", "$import torch"}},
      {"bundle_root", "."},
      {"device", "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')"},
      {"dataset_dir", "$@bundle_root + '/images'"},
      {"output_dir", "$@bundle_root + '/labels'"},
      {"datalist", dataList(d.network.in_channels)},
      {"network_def",
       step("torch.jit.load", {{"f", "$@bundle_root + '/models/model.ts'"}, {"map_location", "@device"}})},
      {"network", "$@network_def.eval()"},
      {"preprocessing", preprocessing(d.preprocessing)},
      {"dataset",
       step("Dataset", {{"data", "$[{'image': i} for i in @datalist]"}, {"transform", "@preprocessing"}})},
      {"dataloader",
       step("DataLoader",
            {{"dataset", "@dataset"}, {"batch_size", 1}, {"shuffle", false}, {"num_workers", 0}})},
      {"inferer", step("SlidingWindowInferer", {{"roi_size", extentOf(d.window)},
                                                {"sw_batch_size", 1},
                                                {"overlap", 0.5},
                                                {"mode", "gaussian"},
                                                {"padding_mode", "constant"}})},
      {"postprocessing", postprocessing(d)},
      {"evaluator", step("SupervisedEvaluator", {{"device", "@device"},
                                                 {"val_data_loader", "@dataloader"},
                                                 {"network", "@network"},
                                                 {"inferer", "@inferer"},
                                                 {"postprocessing", "@postprocessing"},
                                                 {"amp", false}})},
      {"run", {"$@evaluator.run()"}}};
}

}  // namespace rind::exporting
