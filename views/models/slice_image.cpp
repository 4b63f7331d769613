#include "rind/models/slice_image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace rind::models {
namespace {

std::uint32_t mix(std::uint32_t below, std::uint32_t above, float opacity) {
  const auto channel = [&](int shift) {
    const auto a = static_cast<float>((below >> shift) & 0xFFU);
    const auto b = static_cast<float>((above >> shift) & 0xFFU);
    return static_cast<std::uint32_t>(a + (b - a) * opacity + 0.5F) << shift;
  };
  return 0xFF000000U | channel(16) | channel(8) | channel(0);
}

std::vector<std::uint32_t> colourTable(const CaseModel& model) {
  std::vector<std::uint32_t> colours(256, 0);
  const auto& labels = model.loaded().labels;
  for (std::size_t c = 1; c < labels.size() && c < 256; ++c) {
    const auto& rgb = labels[c].colour;
    if (model.isVisible(static_cast<int>(c)))
      colours[c] = 0xFF000000U | static_cast<std::uint32_t>(rgb[0]) << 16 |
                   static_cast<std::uint32_t>(rgb[1]) << 8 | rgb[2];
  }
  return colours;
}

std::int64_t withBorder(std::int64_t depth, std::int64_t room, bool zero_border) {
  return zero_border ? std::min(depth, room) : depth;
}

/// One slice being drawn. Colours of 0 stand for classes that are not shown.
class Composer {
 public:
  Composer(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame)
      : model_(model),
        low_(model.low()),
        high_(model.high()),
        zero_border_(model.contour().border == core::Border::zero),
        outline_(frame.outline),
        prepared_(model.loaded().prepared),
        image_(model.image()),
        layers_(model.layers()),
        opacity_(static_cast<float>(model.layers().opacity)),
        colours_(colourTable(model)),
        across_(stepsAcross(prepared_.geometry, axes, frame)),
        down_(stepsDown(prepared_.geometry, axes, frame)),
        across_stride_(strideAlong(prepared_.size(), axes.across)),
        down_stride_(strideAlong(prepared_.size(), axes.down)),
        slice_(along(model.cursor(), axes.through) * strideAlong(prepared_.size(), axes.through)),
        axes_(axes) {
    const auto prediction = model.prediction();
    if (prediction && prediction->labels.size == prepared_.size()) prediction_ = prediction;
    if (layers_.heat) heat_ = model.heat();
    thickness_.assign(256, 0);
    for (std::size_t c = 0; c < model.thickness().size() && c < 256; ++c)
      if (layers_.band && (c == 0 || colours_[c] != 0)) thickness_[c] = model.thickness()[c];
    if (!model.contour().include_background) thickness_[0] = 0;
    tints_.resize(2 * colours_.size());
    for (std::size_t column = 0; column < across_.nearest.size(); ++column) {
      across_offset_.push_back(across_.nearest[column] * across_stride_);
      across_room_.push_back(roomAlong(prepared_.size(), axes.across, across_.nearest[column]));
    }
  }

  /// Leaves pixels beside the image as they are.
  void drawRow(std::size_t row, std::uint32_t* pixels) {
    if (down_.nearest[row] < 0) return;
    const std::int64_t line = slice_ + down_.nearest[row] * down_stride_;
    const auto& size = prepared_.size();
    const std::int64_t room = std::min(roomAlong(size, axes_.through, along(model_.cursor(), axes_.through)),
                                       roomAlong(size, axes_.down, down_.nearest[row]));
    for (std::size_t column = 0; column < across_.nearest.size(); ++column) {
      if (across_.nearest[column] < 0) continue;
      const std::int64_t at = line + across_offset_[column];
      const std::uint8_t truth = prepared_.labels.data[at];
      const bool band = inBand(truth, at, std::min(room, across_room_[column]));
      std::uint32_t colour = tintOf(truth, band)[shade(row, column)];
      if (heat_) colour = withHeat(colour, row, column);
      pixels[column] = prediction_ ? withPrediction(colour, row, column) : colour;
    }
  }

 private:
  using Tint = std::array<std::uint32_t, 256>;

  std::int64_t offset(std::size_t row, std::size_t column) const {
    return slice_ + down_.nearest[row] * down_stride_ + across_offset_[column];
  }

  std::size_t shade(std::size_t row, std::size_t column) const {
    const auto* line_a = image_ + slice_ + down_.first[row] * down_stride_;
    const auto* line_b = image_ + slice_ + down_.second[row] * down_stride_;
    const std::int64_t left = across_.first[column] * across_stride_;
    const std::int64_t right = across_.second[column] * across_stride_;
    const float x = across_.share[column];
    const float above = line_a[left] + (line_a[right] - line_a[left]) * x;
    const float below = line_b[left] + (line_b[right] - line_b[left]) * x;
    const float value = above + (below - above) * down_.share[row];
    const float level = std::clamp((value - low_) / (high_ - low_), 0.F, 1.F);
    return static_cast<std::size_t>(level * 255.F);
  }

  /// What each shade of the image becomes under the colours of a class; made where the first voxel needs it.
  const Tint& tintOf(std::uint8_t truth, bool band) {
    auto& tint = tints_[2 * std::size_t{truth} + (band ? 1 : 0)];
    if (tint) return *tint;
    tint = std::make_unique<Tint>();
    for (std::uint32_t grey = 0; grey < tint->size(); ++grey) {
      std::uint32_t colour = 0xFF000000U | grey << 16 | grey << 8 | grey;
      if (layers_.reference && colours_[truth]) colour = mix(colour, colours_[truth], 0.45F * opacity_);
      if (band)
        colour = mix(colour, truth == 0 ? 0xFF9AA7B4U : colours_[truth], std::min(1.F, 1.25F * opacity_));
      (*tint)[grey] = colour;
    }
    return *tint;
  }

  bool inBand(std::uint8_t truth, std::int64_t at, std::int64_t room) const {
    if (thickness_[truth] == 0) return false;
    return withBorder(prepared_.depth.data[at], room, zero_border_) <= thickness_[truth];
  }

  std::uint32_t withPrediction(std::uint32_t colour, std::size_t row, std::size_t column) const {
    const std::int64_t at = offset(row, column);
    if (layers_.error)
      colour = withError(colour, prepared_.labels.data[at],
                         prediction_->labels.voxels[static_cast<std::size_t>(at)]);
    if (layers_.prediction && outline(row, column, at)) return outlineColour(row, column, at);
    return colour;
  }

  std::uint32_t withHeat(std::uint32_t colour, std::size_t row, std::size_t column) const {
    core::Index3 at;
    const auto set = [&](int axis, std::int64_t value) {
      (axis == 0 ? at.z : axis == 1 ? at.y : at.x) = value;
    };
    set(axes_.through, along(model_.cursor(), axes_.through));
    set(axes_.down, down_.nearest[row]);
    set(axes_.across, across_.nearest[column]);
    const std::uint8_t level = heat_->at(at);
    return level == 0 ? colour : mix(colour, heatColour(level), std::min(1.F, 0.35F + level / 255.F));
  }

  std::uint32_t withError(std::uint32_t colour, std::uint8_t truth, std::uint8_t predicted) const {
    if (truth == predicted || (colours_[truth] == 0 && colours_[predicted] == 0)) return colour;
    const std::uint32_t kind = predicted == 0 ? kMissed : truth == 0 ? kInvented : kConfused;
    return mix(colour, kind, std::min(1.F, 0.3F + opacity_));
  }

  std::uint8_t predictedAt(std::size_t row, std::size_t column) const {
    if (down_.nearest[row] < 0 || across_.nearest[column] < 0) return 0;
    return prediction_->labels.voxels[static_cast<std::size_t>(offset(row, column))];
  }

  bool outline(std::size_t row, std::size_t column, std::int64_t at) const {
    const std::uint8_t here = prediction_->labels.voxels[static_cast<std::size_t>(at)];
    const bool left = column >= outline_ && predictedAt(row, column - outline_) != here;
    const bool above = row >= outline_ && predictedAt(row - outline_, column) != here;
    return (left || above) && outlineColour(row, column, at) != 0;
  }

  std::uint32_t outlineColour(std::size_t row, std::size_t column, std::int64_t at) const {
    std::uint8_t shown = prediction_->labels.voxels[static_cast<std::size_t>(at)];
    if (shown == 0 && column >= outline_) shown = predictedAt(row, column - outline_);
    if (shown == 0 && row >= outline_) shown = predictedAt(row - outline_, column);
    return colours_[shown] == 0 ? 0 : mix(colours_[shown], 0xFFFFFFFFU, 0.35F);
  }

  const CaseModel& model_;
  float low_;
  float high_;
  bool zero_border_;
  std::size_t outline_;
  const core::PreparedCase& prepared_;
  const float* image_;
  const Layers& layers_;
  float opacity_;
  std::vector<std::uint32_t> colours_;
  SliceSteps across_;
  SliceSteps down_;
  std::int64_t across_stride_;
  std::int64_t down_stride_;
  std::int64_t slice_;
  PlaneAxes axes_;
  /// Of the classes whose band is shown, else 0.
  std::vector<int> thickness_;
  std::vector<std::int64_t> across_offset_;
  std::vector<std::int64_t> across_room_;
  std::vector<std::unique_ptr<Tint>> tints_;  // by class: beside the band and in it
  std::shared_ptr<const Prediction> prediction_;
  std::shared_ptr<const HeatMap> heat_;
};

}  // namespace

std::int64_t roomAlong(const core::Extent3& size, int axis, std::int64_t at) {
  const std::int64_t extent = along(size, axis);
  return extent == 1 ? std::int64_t{255} : std::min(at + 1, extent - at);
}

std::int64_t bandDepth(const CaseModel& model, const core::Index3& voxel) {
  const auto& prepared = model.loaded().prepared;
  const auto& size = prepared.size();
  const std::int64_t room =
      std::min({roomAlong(size, 0, voxel.z), roomAlong(size, 1, voxel.y), roomAlong(size, 2, voxel.x)});
  return withBorder(prepared.depth[voxel], room, model.contour().border == core::Border::zero);
}

void composeSlice(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame,
                  std::vector<std::uint32_t>& pixels, std::uint32_t outside) {
  const auto width = static_cast<std::size_t>(std::max(frame.width, 0));
  const auto height = static_cast<std::size_t>(std::max(frame.height, 0));
  pixels.assign(width * height, outside);
  if (model.empty()) return;
  Composer composer(model, axes, frame);
  for (std::size_t row = 0; row < height; ++row) composer.drawRow(row, pixels.data() + row * width);
}

}  // namespace rind::models
