#include "rind/models/case_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rind/contour/depth_map.h"
#include "rind/core/float_buffer.h"

namespace rind::models {
namespace {

// Percentiles from at most 200,000 voxels: exact enough for a window.
constexpr std::size_t kSample = 200'000;

Window percentiles(std::vector<float>& sample, double low, double high) {
  if (sample.empty()) return {};
  const auto at = [&](double share) {
    const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(sample.size() - 1));
    std::nth_element(sample.begin(), sample.begin() + place, sample.end());
    return sample[static_cast<std::size_t>(place)];
  };
  const Window window{at(low), at(high)};
  return {window.low, window.high > window.low ? window.high : window.low + 1.F};
}

std::array<Window, 3> windowsOf(const core::PreparedCase& prepared, int channel) {
  const auto count = static_cast<std::size_t>(prepared.size().voxels());
  const float* image = prepared.image + static_cast<std::size_t>(channel) * count;
  const std::size_t stride = std::max<std::size_t>(1, count / kSample);
  std::vector<float> all;
  std::vector<float> labelled;
  for (std::size_t i = 0; i < count; i += stride) {
    all.push_back(image[i]);
    if (prepared.labels.data[i] != 0) labelled.push_back(image[i]);
  }
  const Window usual = percentiles(all, 0.005, 0.995);
  return {usual, labelled.empty() ? usual : percentiles(labelled, 0.005, 0.995), percentiles(all, 0, 1)};
}

core::Index3 middleOfLabels(const core::PreparedCase& prepared) {
  const auto& size = prepared.size();
  std::vector<std::int64_t> by_slice(static_cast<std::size_t>(size.z));
  for (std::int64_t z = 0; z < size.z; ++z) {
    const auto* slice = prepared.labels.data + z * size.y * size.x;
    by_slice[static_cast<std::size_t>(z)] =
        size.y * size.x - std::count(slice, slice + size.y * size.x, std::uint8_t{0});
  }
  const auto fullest = std::max_element(by_slice.begin(), by_slice.end());
  const bool any = fullest != by_slice.end() && *fullest > 0;
  core::Index3 cursor{any ? fullest - by_slice.begin() : size.z / 2, size.y / 2, size.x / 2};
  if (!any) return cursor;
  // The centre of what is labelled in the fullest slice.
  double y_sum = 0;
  double x_sum = 0;
  const auto* slice = prepared.labels.data + cursor.z * size.y * size.x;
  for (std::int64_t i = 0; i < size.y * size.x; ++i) {
    if (slice[i] == 0) continue;
    y_sum += static_cast<double>(i / size.x);
    x_sum += static_cast<double>(i % size.x);
  }
  cursor.y = static_cast<std::int64_t>(y_sum / static_cast<double>(*fullest));
  cursor.x = static_cast<std::int64_t>(x_sum / static_cast<double>(*fullest));
  return cursor;
}

double millilitresPerVoxel(const core::Geometry& geometry) {
  return geometry.spacing.z * geometry.spacing.y * geometry.spacing.x / 1000.0;
}

}  // namespace

LoadedCase analyse(core::PreparedCase prepared, core::LabelSet labels) {
  LoadedCase loaded;
  const int classes = static_cast<int>(labels.size());
  loaded.replicate = contour::depthHistogram(prepared.labels, prepared.depth, classes);
  core::DepthVolume zero(prepared.size());
  const auto* depth = prepared.depth.data;
  std::copy(depth, depth + prepared.depth.count(), zero.voxels.begin());
  contour::applyZeroBorder(zero, {0, 0, 0}, prepared.size());
  loaded.zero = contour::depthHistogram(prepared.labels, zero, classes);
  loaded.boxes = boxesOf(prepared.labels, labels.size());
  for (int channel = 0; channel < prepared.channels; ++channel)
    loaded.windows.push_back(windowsOf(prepared, channel));
  loaded.prepared = std::move(prepared);
  loaded.labels = std::move(labels);
  return loaded;
}

LoadedCase withChannel(const LoadedCase& loaded, int channel) {
  struct Memory {
    core::FloatBuffer image;
    core::LabelVolume labels;
    core::DepthVolume depth;
  };
  auto memory = std::make_shared<Memory>();
  const auto& all = loaded.prepared;
  const std::int64_t count = all.size().voxels();
  const float* const image = all.image + channel * count;
  memory->image.assign(image, image + count);
  memory->labels.size = memory->depth.size = all.size();
  memory->labels.voxels.assign(all.labels.data, all.labels.data + count);
  memory->depth.voxels.assign(all.depth.data, all.depth.data + count);
  LoadedCase kept = loaded;
  kept.only_channel = channel;
  kept.prepared.image = memory->image.data();
  kept.prepared.labels = memory->labels;
  kept.prepared.depth = memory->depth;
  kept.prepared.memory = memory;
  return kept;
}

Prediction score(core::LabelVolume prediction, core::LabelView reference, int classes, int epoch) {
  const auto count = static_cast<std::size_t>(classes);
  std::vector<std::uint64_t> both(count);
  std::vector<std::uint64_t> sum(count);
  for (std::size_t i = 0; i < prediction.voxels.size(); ++i) {
    const std::size_t predicted = prediction.voxels[i];
    const std::size_t truth = reference.data[i];
    if (predicted < count) ++sum[predicted];
    if (truth < count) ++sum[truth];
    if (predicted == truth && predicted < count) ++both[predicted];
  }
  Prediction scored{std::move(prediction), std::vector<double>(count), epoch};
  for (std::size_t c = 0; c < count; ++c)
    scored.dsc[c] =
        sum[c] == 0 ? std::nan("") : 2.0 * static_cast<double>(both[c]) / static_cast<double>(sum[c]);
  return scored;
}

void CaseModel::setCase(std::shared_ptr<const LoadedCase> loaded) {
  loaded_ = std::move(loaded);
  prediction_.reset();
  heat_.reset();
  if (loaded_) {
    visible_.resize(std::max(visible_.size(), loaded_->labels.size()), true);
    if (selected_ >= static_cast<int>(loaded_->labels.size())) selected_ = 0;
    cursor_ = middleOfLabels(loaded_->prepared);
    if (channel_ >= loaded_->prepared.channels) channel_ = 0;
    window_ = loaded_->windows.at(static_cast<std::size_t>(channel_)).at(static_cast<std::size_t>(preset_));
  }
  measureBand();
  Q_EMIT changed(Change::data | Change::band | Change::prediction | Change::heat | Change::cursor);
}

void CaseModel::keepOnly(LoadedCase kept) {
  const bool same = loaded_ && loaded_->only_channel < 0 && loaded_->prepared.id == kept.prepared.id &&
                    loaded_->prepared.size() == kept.prepared.size() && channel_ == kept.only_channel;
  if (same) loaded_ = std::make_shared<const LoadedCase>(std::move(kept));
}

void CaseModel::setContour(const core::ContourSettings& contour) {
  if (contour == contour_) return;
  contour_ = contour;
  measureBand();
  if (loaded_) Q_EMIT changed(Change::band);
}

void CaseModel::measureBand() {
  facts_.clear();
  thickness_.clear();
  if (!loaded_) return;
  const auto& histogram = contour_.border == core::Border::zero ? loaded_->zero : loaded_->replicate;
  thickness_ = contour::bandThickness(histogram, contour_);
  const double unit = millilitresPerVoxel(loaded_->prepared.geometry);
  for (std::size_t c = 0; c < histogram.counts.size(); ++c) {
    ClassFacts facts;
    facts.thickness = thickness_[c];
    std::uint64_t in_band = 0;
    for (std::size_t depth = 1; depth < 256; ++depth) {
      facts.voxels += histogram.counts[c][depth];
      if (static_cast<int>(depth) <= facts.thickness) in_band += histogram.counts[c][depth];
    }
    facts.millilitres = static_cast<double>(facts.voxels) * unit;
    if (facts.voxels > 0) facts.band_share = static_cast<double>(in_band) / static_cast<double>(facts.voxels);
    facts.all_band = facts.voxels > 0 && in_band == facts.voxels;
    facts_.push_back(facts);
  }
}

void CaseModel::setPrediction(std::shared_ptr<const Prediction> prediction) {
  prediction_ = std::move(prediction);
  Q_EMIT changed(Change::prediction);
}

void CaseModel::setHeat(std::shared_ptr<const HeatMap> heat) {
  heat_ = std::move(heat);
  Q_EMIT changed(Change::heat);
}

void CaseModel::setHeatInScene(bool shown) {
  if (shown == heat_in_scene_) return;
  heat_in_scene_ = shown;
  Q_EMIT changed(Change::display);
}

void CaseModel::setLayers(const Layers& layers) {
  if (layers == layers_) return;
  layers_ = layers;
  Q_EMIT changed(Change::display);
}

bool CaseModel::isVisible(int index) const {
  const auto at = static_cast<std::size_t>(index);
  return at >= visible_.size() || visible_[at];
}

void CaseModel::setVisible(int index, bool visible) {
  const auto at = static_cast<std::size_t>(index);
  if (at >= visible_.size() || visible_[at] == visible) return;
  visible_[at] = visible;
  Q_EMIT changed(Change::display);
}

void CaseModel::forgetClasses() {
  visible_.clear();
  selected_ = 0;
  Q_EMIT changed(Change::display | Change::selection);
}

void CaseModel::select(int index) {
  if (index == selected_) return;
  selected_ = index;
  Q_EMIT changed(Change::selection);
}

void CaseModel::setCursor(core::Index3 cursor) {
  if (!loaded_) return;
  const auto& size = loaded_->prepared.size();
  cursor.z = std::clamp<std::int64_t>(cursor.z, 0, size.z - 1);
  cursor.y = std::clamp<std::int64_t>(cursor.y, 0, size.y - 1);
  cursor.x = std::clamp<std::int64_t>(cursor.x, 0, size.x - 1);
  if (cursor == cursor_) return;
  cursor_ = cursor;
  Q_EMIT changed(Change::cursor);
}

void CaseModel::setWindow(float low, float high) {
  window_ = {low, std::max(high, low + 1e-4F)};
  Q_EMIT changed(Change::display);
}

void CaseModel::applyWindow(WindowPreset preset) {
  preset_ = preset;
  if (!loaded_) return;
  window_ = loaded_->windows.at(static_cast<std::size_t>(seenChannel())).at(static_cast<std::size_t>(preset));
  Q_EMIT changed(Change::display);
}

void CaseModel::setChannel(int channel) {
  if (!loaded_ || channel < 0 || channel >= loaded_->prepared.channels) return;
  channel_ = channel;
  if (loaded_->only_channel < 0) applyWindow(preset_);
}

const float* CaseModel::image() const {
  if (loaded_->only_channel >= 0) return loaded_->prepared.image;
  return loaded_->prepared.image + channel_ * loaded_->prepared.size().voxels();
}

}  // namespace rind::models
