#include "rind/networks/relu_batch_norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "rind/networks/relu_batch_norm_kernel.h"

namespace rind::networks {
namespace {

/// Numbers a thread takes at a time.
constexpr std::int64_t kPart = 1 << 16;
/// Bytes of an activation that are not found in the caches when the next layer reads them.
constexpr std::int64_t kLarge = 8 << 20;

bool liesChannelsLast(const at::Tensor& x) {
  return x.is_contiguous(at::MemoryFormat::ChannelsLast3d);
}

bool isFused(const at::Tensor& x) {
  return reluBatchNormIsBuilt() && x.is_cpu() && x.dim() == 5 && x.numel() > 0 && liesChannelsLast(x) &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16) &&
         !torch::jit::tracer::isTracing();
}

bool isLarge(const at::Tensor& x) {
  return static_cast<std::int64_t>(x.nbytes()) > kLarge;
}

/// Voxels are dealt out in parts that do not depend on the number of threads.
class Parts {
 public:
  explicit Parts(const at::Tensor& x) : x_(x), channels_(x.size(1)), step_(stepOf(channels_)) {}

  std::int64_t count() const { return (x_.numel() + step_ - 1) / step_; }

  /// work(part, run, offset in bytes), on all threads.
  template <class Work>
  void each(const Work& work) const {
    const auto bytes = static_cast<std::int64_t>(x_.element_size());
    const auto* const values = static_cast<const char*>(x_.const_data_ptr());
    at::parallel_for(0, count(), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t part = begin; part < end; ++part) {
        const std::int64_t from = part * step_;
        work(part,
             ChannelsLastRun{values + from * bytes, std::min(step_, x_.numel() - from), channels_,
                             x_.scalar_type() == at::kBFloat16},
             from * bytes);
      }
    });
  }

  /// The two sums of each channel over all parts; sum(run, offset, sums) adds a part's.
  template <class Sum>
  std::vector<double> sums(const Sum& sum) const {
    const auto width = static_cast<std::size_t>(2 * channels_);
    std::vector<double> of_parts(static_cast<std::size_t>(count()) * width), all(width);
    each([&](std::int64_t part, const ChannelsLastRun& run, std::int64_t offset) {
      sum(run, offset, of_parts.data() + static_cast<std::size_t>(part) * width);
    });
    for (std::size_t i = 0; i < of_parts.size(); ++i) all[i % width] += of_parts[i];
    return all;
  }

 private:
  /// A multiple of the channels and of 32: a part begins where memory is aligned for whole vectors.
  static std::int64_t stepOf(std::int64_t channels) {
    const std::int64_t row = std::lcm(channels, std::int64_t{32});
    return std::max<std::int64_t>(1, kPart / row) * row;
  }

  const at::Tensor& x_;
  std::int64_t channels_, step_;
};

/// y = scale·relu(x) + shift, to `y`, which may be x.
void writeAffine(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, at::Tensor& y) {
  auto* const to = static_cast<char*>(y.mutable_data_ptr());
  const bool past_caches = isLarge(x) && !y.is_same(x);
  Parts(x).each([&](std::int64_t, const ChannelsLastRun& run, std::int64_t offset) {
    writeReluAffine(run, scale.const_data_ptr<float>(), shift.const_data_ptr<float>(), past_caches,
                    to + offset);
  });
}

class ReluBatchNorm : public torch::autograd::Function<ReluBatchNorm> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& weight, const at::Tensor& bias, at::Tensor running_mean,
                            at::Tensor running_variance) {
    const std::int64_t channels = x.size(1);
    const auto count = static_cast<double>(x.numel() / channels);
    const auto sums =
        Parts(x).sums([](const ChannelsLastRun& run, std::int64_t, double* to) { addReluMoments(run, to); });
    at::Tensor mean = at::empty({channels}, at::kFloat), deviation = at::empty({channels}, at::kFloat);
    at::Tensor scale = at::empty({channels}, at::kFloat), shift = at::empty({channels}, at::kFloat);
    for (std::int64_t c = 0; c < channels; ++c) {
      const auto i = static_cast<std::size_t>(c);
      const double m = sums[i] / count;
      const double variance = std::max(0.0, sums[i + static_cast<std::size_t>(channels)] / count - m * m);
      const double inverse = 1 / std::sqrt(variance + kBatchNormEpsilon);
      mean.data_ptr<float>()[c] = static_cast<float>(m);
      deviation.data_ptr<float>()[c] = static_cast<float>(inverse);
      const double factor = inverse * static_cast<double>(weight.const_data_ptr<float>()[c]);
      scale.data_ptr<float>()[c] = static_cast<float>(factor);
      shift.data_ptr<float>()[c] =
          static_cast<float>(static_cast<double>(bias.const_data_ptr<float>()[c]) - m * factor);
      const auto blend = [c](at::Tensor& running, double now) {
        float& value = running.mutable_data_ptr<float>()[c];
        value = static_cast<float>((1 - kBatchNormMomentum) * static_cast<double>(value) +
                                   kBatchNormMomentum * now);
      };
      blend(running_mean, m);
      blend(running_variance, variance * count / (count - 1));
    }
    context->save_for_backward({x, weight, mean, deviation});
    at::Tensor y = at::empty_like(x);
    writeAffine(x, scale, shift, y);
    return y;
  }

  /// With r = relu(x), x̂ = (r − mean)·inverse deviation and ⟨·⟩ the mean over voxels:
  /// dr = weight·inverse·(g − ⟨g⟩ − x̂·⟨g·x̂⟩), and dx = dr where x > 0.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1];
    const std::int64_t channels = x.size(1);
    const at::Tensor g = gradients[0].to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast3d);
    const auto* const from = static_cast<const char*>(g.const_data_ptr());
    const auto sums = Parts(x).sums([from](const ChannelsLastRun& run, std::int64_t offset, double* to) {
      addReluGradientMoments(run, from + offset, to);
    });
    const auto count = static_cast<double>(x.numel() / channels);
    at::Tensor weight_gradient = at::empty({channels}, at::kFloat),
               bias_gradient = at::empty({channels}, at::kFloat);
    at::Tensor coefficients = at::empty({3, channels}, at::kFloat);
    auto* const rows = coefficients.mutable_data_ptr<float>();
    for (std::int64_t c = 0; c < channels; ++c) {
      const auto i = static_cast<std::size_t>(c);
      const auto mean = static_cast<double>(saved[2].const_data_ptr<float>()[c]);
      const auto inverse = static_cast<double>(saved[3].const_data_ptr<float>()[c]);
      const double of_g = sums[i];
      const double of_product =
          (sums[i + static_cast<std::size_t>(channels)] - mean * of_g) * inverse;  // Σ g·x̂
      const double scale = inverse * static_cast<double>(weight.const_data_ptr<float>()[c]);
      const double slope = -scale * inverse * of_product / count;
      rows[c] = static_cast<float>(scale);
      rows[channels + c] = static_cast<float>(slope);
      rows[2 * channels + c] = static_cast<float>(-scale * of_g / count - slope * mean);
      weight_gradient.mutable_data_ptr<float>()[c] = static_cast<float>(of_product);
      bias_gradient.mutable_data_ptr<float>()[c] = static_cast<float>(of_g);
    }
    at::Tensor dx = at::empty_like(x);
    auto* const to = static_cast<char*>(dx.mutable_data_ptr());
    Parts(x).each([&](std::int64_t, const ChannelsLastRun& run, std::int64_t offset) {
      writeReluGradient(run, from + offset, {rows, rows + channels, rows + 2 * channels}, isLarge(x),
                        to + offset);
    });
    return {dx, weight_gradient, bias_gradient, {}, {}};
  }
};

}  // namespace

at::Tensor reluBatchNorm(const at::Tensor& x, const BatchNormState& state, bool of_batch) {
  if (isFused(x) && of_batch && at::GradMode::is_enabled())
    return ReluBatchNorm::apply(x, state.weight, state.bias, state.mean, state.variance);
  if (isFused(x) && !of_batch && !at::GradMode::is_enabled()) {
    const at::Tensor scale = state.weight / (state.variance + kBatchNormEpsilon).sqrt();
    at::Tensor y = x;
    writeAffine(x, scale, state.bias - state.mean * scale, y);
    return y;
  }
  at::Tensor activated = x;
  at::relu_(activated);
  return at::batch_norm(activated, state.weight, state.bias, state.mean, state.variance, of_batch,
                        kBatchNormMomentum, kBatchNormEpsilon, true);
}

}  // namespace rind::networks
