#include "rind/losses/array_loss.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include "rind/contour/adaptive_thickness.h"
#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/core/error.h"
#include "rind/core/memory.h"
#include "rind/losses/losses.h"

namespace rind::losses {
namespace {

at::ScalarType typeOf(Precision precision) {
  return precision == Precision::fp64 ? at::kDouble : at::kFloat;
}

at::Tensor logitsTensor(const core::NpyArray& array, Precision precision) {
  if (array.shape.size() != 5)
    throw core::InputError("logits", std::to_string(array.shape.size()) + " axes", "give [B, C, D, H, W]");
  // Plain calls hold some eight copies in float64, the fused ones logits and gradient.
  core::requireMemory("logits", "a loss of " + std::to_string(array.elements()) + " logits",
                      static_cast<double>(array.elements()) * (precision == Precision::fp64 ? 64 : 12));
  if (array.type == "f4") {
    at::Tensor tensor = at::empty(array.shape, at::kFloat);
    std::memcpy(tensor.mutable_data_ptr(), array.bytes.data(), array.bytes.size());
    return tensor.to(typeOf(precision));
  }
  const std::vector<double> values = array.as<double>();
  at::Tensor tensor = at::empty(array.shape, at::kDouble);
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<double>());
  return tensor.to(typeOf(precision));
}

[[noreturn]] void refuseLabel(double label, std::int64_t at, const std::vector<std::int64_t>& shape,
                              std::int64_t classes) {
  std::ostringstream text;
  text << "label " << label << " at voxel (z " << at / (shape[2] * shape[3]) % shape[1] << ", y "
       << at / shape[3] % shape[2] << ", x " << at % shape[3] << ") of sample "
       << at / (shape[1] * shape[2] * shape[3]) << ", but there are " << classes << " classes";
  throw core::InputError("labels", text.str(),
                         "labels have to be whole numbers from 0 to " + std::to_string(classes - 1));
}

at::Tensor labelsTensor(const core::NpyArray& array, std::int64_t classes) {
  if (array.shape.size() != 4)
    throw core::InputError("labels", std::to_string(array.shape.size()) + " axes", "give [B, D, H, W]");
  const std::vector<double> values = array.as<double>();
  const auto limit = static_cast<double>(std::min<std::int64_t>(classes, 256));
  at::Tensor tensor = at::empty(array.shape, at::kByte);
  auto* const labels = tensor.mutable_data_ptr<std::uint8_t>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    if (!(value >= 0 && value < limit && value == std::floor(value)))
      refuseLabel(value, static_cast<std::int64_t>(i), array.shape, classes);
    labels[i] = static_cast<std::uint8_t>(value);
  }
  return tensor;
}

/// The band of each voxel's own class, background included.
void bandOfSample(core::LabelView labels, int classes, const core::ContourSettings& settings,
                  std::uint8_t* band) {
  const bool exact =
      settings.thickness() > contour::kLargestCap || settings.adaptive.rule != core::AdaptiveRule::off;
  if (exact) {
    const auto depth = contour::exactDepthMap(labels, settings.border);
    contour::bandMask(labels, depth.view(), contour::bandThickness(labels, depth.view(), classes, settings),
                      true, band);
    return;
  }
  contour::bandMask(labels, settings.thickness(), settings.border, true, band);
}

Target targetOf(const at::Tensor& labels, int classes, const ArrayLossSettings& settings) {
  Target target{labels, at::empty_like(labels), {}};
  const bool weighted = settings.loss.kind == core::LossKind::dwce;
  if (weighted) target.weight = at::empty_like(labels, at::kDouble);
  const core::Extent3 size{labels.size(1), labels.size(2), labels.size(3)};
  for (std::int64_t sample = 0; sample < labels.size(0); ++sample) {
    const core::LabelView view{size, labels.const_data_ptr<std::uint8_t>() + sample * size.voxels()};
    bandOfSample(view, classes, settings.contour,
                 target.band.mutable_data_ptr<std::uint8_t>() + sample * size.voxels());
    if (!weighted) continue;
    const auto weights = distanceWeights<double>(view, classes, settings.loss.w0, settings.loss.sigma);
    std::copy(weights.voxels.begin(), weights.voxels.end(),
              target.weight.mutable_data_ptr<double>() + sample * size.voxels());
  }
  return target;
}

void requireFit(const at::Tensor& logits, const core::NpyArray& labels) {
  const auto shape = logits.sizes();
  const std::vector<std::int64_t> fitting = {shape[0], shape[2], shape[3], shape[4]};
  if (labels.shape == fitting) return;
  const auto write = [](const std::vector<std::int64_t>& axes) {
    std::string text;
    for (const std::int64_t extent : axes) text += (text.empty() ? "[" : ", ") + std::to_string(extent);
    return text + "]";
  };
  throw core::InputError("labels",
                         "the shape " + write(labels.shape) + " does not fit logits " + write(shape.vec()),
                         "give " + write(fitting));
}

core::NpyArray toArray(const at::Tensor& tensor) {
  core::NpyArray array{tensor.scalar_type() == at::kDouble ? "f8" : "f4", tensor.sizes().vec(), {}};
  array.bytes.resize(tensor.nbytes());
  std::memcpy(array.bytes.data(), tensor.const_data_ptr(), array.bytes.size());
  return array;
}

}  // namespace

ArrayLoss lossOfArrays(const core::NpyArray& logits, const core::NpyArray& labels,
                       const ArrayLossSettings& settings) {
  core::validate(settings.loss);
  core::validate(settings.contour);
  const at::Tensor z = logitsTensor(logits, settings.precision);
  requireFit(z, labels);
  const at::Tensor classes = labelsTensor(labels, z.size(1));
  if (classes.numel() == 0) throw core::InputError("labels", "they hold no voxel", "give at least one");
  const Target target = targetOf(classes, static_cast<int>(z.size(1)), settings);
  const Evaluation evaluation =
      evaluate(z, target, settings.loss, settings.contour.include_background, settings.want_gradient);
  ArrayLoss result{evaluation.report.total, evaluation.report.terms, {}};
  if (settings.want_gradient) result.gradient = toArray(evaluation.gradient);
  return result;
}

}  // namespace rind::losses
