#include "rind/losses/composed.h"

#include <ATen/ATen.h>

namespace rind::losses {
namespace {

/// Arithmetic is done in float64 for float64 logits, else in float32.
at::ScalarType arithmeticType(const at::Tensor& logits) {
  return logits.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

/// Sums are kept in float64 where the device has it.
at::ScalarType sumType(const at::Tensor& tensor) {
  return tensor.is_mps() ? at::kFloat : at::kDouble;
}

/// [B, D, H, W]: 2·label, plus 1 in the band.
at::Tensor regionIndex(const Target& target) {
  return target.labels.to(at::kInt).mul_(2).add_(target.band.ne(0).to(at::kInt));
}

/// One value per region (index 2·class + in band) as a tensor of the logits' device.
template <class Value>
at::Tensor perRegion(const std::vector<ClassCoefficients>& coefficients, const at::Tensor& logits,
                     Value value) {
  std::vector<double> values;
  for (const ClassCoefficients& c : coefficients)
    for (const bool band : {false, true}) values.push_back(value(c, band));
  return at::tensor(values, at::kDouble).to(arithmeticType(logits)).to(logits.device());
}

at::Tensor select(const at::Tensor& per_region, const at::Tensor& region) {
  return per_region.index_select(0, region.flatten()).view(region.sizes());
}

/// [regions, 4]: voxels, Σ p_label, Σ −log p_label, Σ −w log p_label. Class by class, so that the order of
/// summation is fixed on every device.
at::Tensor sumsPerRegion(const at::Tensor& region, std::int64_t regions,
                         const std::vector<at::Tensor>& values) {
  std::vector<at::Tensor> rows;
  for (std::int64_t r = 0; r < regions; ++r) {
    const at::Tensor mask = region.eq(r);
    std::vector<at::Tensor> row = {mask.sum().to(sumType(region))};
    for (const at::Tensor& value : values)
      row.push_back(at::where(mask, value, at::zeros_like(value)).sum(sumType(region)));
    rows.push_back(at::stack(row));
  }
  return at::stack(rows).to(at::kCPU).to(at::kDouble).contiguous();
}

}  // namespace

RegionSums composedSums(const at::Tensor& logits, const Target& target, bool weighted) {
  const at::Tensor log_probability = at::log_softmax(logits.to(arithmeticType(logits)), 1);
  const at::Tensor label = target.labels.to(at::kLong).unsqueeze(1);
  const at::Tensor own = log_probability.gather(1, label).squeeze(1);
  const at::Tensor elsewhere = log_probability.exp()
                                   .scatter_(1, label, 0)
                                   .sum({0, 2, 3, 4}, false, sumType(logits))
                                   .to(at::kCPU)
                                   .to(at::kDouble);
  std::vector<at::Tensor> values = {own.exp(), own.neg()};
  if (weighted) values.push_back(own.neg().mul_(target.weight.to(own.scalar_type())));
  const at::Tensor table = sumsPerRegion(regionIndex(target), 2 * logits.size(1), values);

  RegionSums sums;
  sums.voxels = static_cast<double>(target.labels.numel());
  const auto part = [&](std::int64_t region) {
    const double* row = table.const_data_ptr<double>() + region * table.size(1);
    return RegionPart{row[0], row[1], row[2], weighted ? row[3] : 0};
  };
  for (std::int64_t j = 0; j < logits.size(1); ++j)
    sums.classes.push_back({elsewhere[j].item<double>(), part(2 * j + 1), part(2 * j)});
  return sums;
}

at::Tensor composedGradient(const at::Tensor& logits, const Target& target, bool weighted,
                            const std::vector<ClassCoefficients>& coefficients) {
  const at::Tensor p = at::softmax(logits.to(arithmeticType(logits)), 1);
  const at::Tensor region = regionIndex(target);
  const at::Tensor label = target.labels.to(at::kLong).unsqueeze(1);
  const at::Tensor everywhere =
      perRegion(coefficients, logits, [](const auto& c, bool) { return c.everywhere; })
          .view({-1, 2})
          .select(1, 0)
          .view({1, -1, 1, 1, 1});
  const auto own_of = [](const auto& c, bool band) { return band ? c.band : c.interior; };
  const auto entropy_of = [](const auto& c, bool band) {
    return band ? c.cross_entropy_band : c.cross_entropy_interior;
  };
  at::Tensor entropy = select(perRegion(coefficients, logits, entropy_of), region).unsqueeze(1);
  if (weighted) entropy = entropy * target.weight.to(entropy.scalar_type()).unsqueeze(1);
  const at::Tensor own = select(perRegion(coefficients, logits, own_of), region).unsqueeze(1);
  const at::Tensor p_label = p.gather(1, label);
  const at::Tensor rest = 1 - p_label;
  const at::Tensor everywhere_label = everywhere.expand_as(p).gather(1, label);
  // With w the entropy's factor: g_c = p_c (everywhere_c + w − dot − p_l own), and at the label, where
  // nothing large cancels that way, p_l (everywhere_l − dot + (1 − p_l) own) − w (1 − p_l).
  const at::Tensor dot = (p * everywhere).sum(1, true);
  at::Tensor gradient = p * (everywhere + (entropy - dot - p_label * own));
  gradient.scatter_(1, label, p_label * ((everywhere_label - dot) + rest * own) - entropy * rest);
  return at::empty_like(logits).copy_(gradient);
}

}  // namespace rind::losses
