#include "rind/losses/fused.h"

#include <ATen/ATen.h>
#include <omp.h>

#include <algorithm>
#include <memory>

#include "rind/losses/input_checks.h"
#include "rind/losses/region_kernels.h"

namespace rind::losses {
namespace {

/// Ranges of blocks that are summed one by one and then in order. Their number depends on the shape alone, so
/// sums do not depend on the number of threads.
constexpr std::int64_t kRanges = 128;

/// Fewer ranges than this are done before other threads have woken up.
constexpr std::int64_t kWorthThreads = 8;

std::int64_t rangeCount(const LogitsLayout& layout) {
  return std::min(kRanges, layout.blocks());
}

BlockRange rangeAt(const LogitsLayout& layout, std::int64_t index) {
  const std::int64_t ranges = rangeCount(layout);
  return {layout.blocks() * index / ranges, layout.blocks() * (index + 1) / ranges};
}

/// Tensors in the layout that the kernels read; they own what KernelInput points at.
struct FusedInput {
  at::Tensor logits, labels, band, weight;
  KernelInput kernel;
};

FusedInput prepare(const at::Tensor& logits, const Target& target, bool weighted,
                   const at::Tensor& gradient) {
  FusedInput input{logits, target.labels.contiguous(), target.band.contiguous(), {}, {}};
  if (weighted) input.weight = target.weight.to(at::kFloat).contiguous();
  const std::int64_t voxels = logits.size(2) * logits.size(3) * logits.size(4);
  input.kernel = {
      {logits.size(0), logits.size(1), voxels, isChannelsLast(logits), logits.scalar_type() == at::kBFloat16},
      logits.const_data_ptr(),
      input.labels.const_data_ptr<std::uint8_t>(),
      input.band.const_data_ptr<std::uint8_t>(),
      weighted ? input.weight.const_data_ptr<float>() : nullptr,
      gradient.defined() ? gradient.mutable_data_ptr() : nullptr};
  return input;
}

/// Calls work(range index, scratch) for every range, on all threads.
template <class Work>
void forEachRange(const LogitsLayout& layout, const Work& work) {
  constexpr std::align_val_t kLine{64};
  const std::size_t bytes = 3 * static_cast<std::size_t>(layout.classes) * kPitch * sizeof(float);
  const std::int64_t ranges = rangeCount(layout);
#pragma omp parallel if (ranges >= kWorthThreads)
  {
    float* const scratch = static_cast<float*>(::operator new(bytes, kLine));
#pragma omp for schedule(dynamic)
    for (std::int64_t index = 0; index < ranges; ++index) work(index, scratch);
    ::operator delete(scratch, kLine);
  }
}

void add(RegionPart& sum, const RegionPart& part) {
  sum.voxels += part.voxels;
  sum.probability += part.probability;
  sum.cross_entropy += part.cross_entropy;
  sum.weighted_cross_entropy += part.weighted_cross_entropy;
}

}  // namespace

bool fusedTakes(const at::Tensor& logits) {
  return kernelsAreBuilt() && logits.defined() && logits.dim() == 5 && logits.is_cpu() &&
         (logits.scalar_type() == at::kFloat || logits.scalar_type() == at::kBFloat16) &&
         (logits.is_contiguous() || isChannelsLast(logits));
}

RegionSums fusedSums(const at::Tensor& logits, const Target& target, bool weighted,
                     const at::Tensor& gradient) {
  const FusedInput input = prepare(logits, target, weighted, gradient);
  const LogitsLayout& layout = input.kernel.layout;
  const auto classes = static_cast<std::size_t>(layout.classes);
  const auto ranges = static_cast<std::size_t>(rangeCount(layout));
  std::vector<ClassSums> parts(ranges * classes);
  std::vector<RangeSums> sums(ranges);
  forEachRange(layout, [&](std::int64_t index, float* scratch) {
    const auto at = static_cast<std::size_t>(index);
    sums[at].classes = parts.data() + at * classes;
    addRegionSums(input.kernel, rangeAt(layout, index), scratch, sums[at]);
  });

  RegionSums total;
  total.voxels = static_cast<double>(layout.samples * layout.voxels);
  total.classes.resize(classes);
  for (const RangeSums& range : sums) {
    if (range.label_beyond) refuseLabelsBeyond(target.labels, layout.classes);
    if (range.not_finite) refuseNotFinite(logits);
    for (std::size_t c = 0; c < classes; ++c) {
      total.classes[c].elsewhere += range.classes[c].elsewhere;
      add(total.classes[c].band, range.classes[c].band);
      add(total.classes[c].interior, range.classes[c].interior);
    }
  }
  return total;
}

void fusedGradient(const at::Tensor& logits, const Target& target, bool weighted,
                   const std::vector<ClassCoefficients>& coefficients, const at::Tensor& gradient) {
  const FusedInput input = prepare(logits, target, weighted, gradient);
  const std::vector<float> values = tableValues(coefficients);
  const GradientTables tables = tablesIn(values.data(), coefficients.size());
  const LogitsLayout& layout = input.kernel.layout;
  forEachRange(layout, [&](std::int64_t index, float* scratch) {
    writeGradient(input.kernel, rangeAt(layout, index), scratch, tables);
  });
}

}  // namespace rind::losses
