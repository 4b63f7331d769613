#include "rind/losses/cuda/region_passes.h"

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <cmath>
#include <exception>
#include <stdexcept>

#include "rind/losses/composed.h"
#include "rind/losses/cuda/region_kernels.h"
#include "rind/losses/input_checks.h"

namespace rind::losses::cuda {
namespace {

bool fits(const at::Tensor& logits) {
  const at::ScalarType type = logits.scalar_type();
  return logits.dim() == 5 && logits.size(1) <= kMostClasses &&
         (type == at::kFloat || type == at::kHalf || type == at::kBFloat16) &&
         (logits.is_contiguous() || isChannelsLast(logits));
}

/// Tensors that stay alive while the kernels read them.
struct DeviceInput {
  at::Tensor labels, band, weight;
  Problem problem;
};

DeviceInput prepare(const at::Tensor& logits, const Target& target, bool weighted) {
  DeviceInput input{target.labels.contiguous(), target.band.contiguous(), {}, {}};
  if (weighted) input.weight = target.weight.to(at::kFloat).contiguous();
  Problem& problem = input.problem;
  const std::int64_t voxels = logits.size(2) * logits.size(3) * logits.size(4);
  const bool last = isChannelsLast(logits);
  problem.layout = {logits.size(0), voxels, static_cast<int>(logits.size(1)), last ? 1 : voxels,
                    last ? logits.size(1) : 1};
  problem.type = logits.scalar_type() == at::kFloat  ? LogitType::float32
                 : logits.scalar_type() == at::kHalf ? LogitType::float16
                                                     : LogitType::bfloat16;
  problem.logits = logits.const_data_ptr();
  problem.labels = input.labels.const_data_ptr<std::uint8_t>();
  problem.band = input.band.const_data_ptr<std::uint8_t>();
  if (weighted) problem.weight = input.weight.const_data_ptr<float>();
  const c10::impl::VirtualGuardImpl guard(logits.device().type());
  problem.device = logits.get_device();
  problem.stream = guard.getStreamNativeHandle(guard.getStream(logits.device()));
  return input;
}

void expectDone(const std::string& error) {
  if (!error.empty()) throw std::runtime_error("the CUDA kernel of the losses failed: " + error);
}

/// f64 [sumCount] on the device. The faults take the last place, so that one copy brings all.
at::Tensor enqueueSums(const at::Tensor& logits, const DeviceInput& input) {
  const Layout& layout = input.problem.layout;
  const std::int64_t columns = kSumsPerClass * layout.classes;
  const at::Tensor result = at::zeros({columns + 1}, logits.options().dtype(at::kDouble));
  const at::Tensor partial = at::empty({blocksFor(layout), columns}, result.options());
  auto* const values = result.mutable_data_ptr<double>();
  expectDone(regionSums(input.problem, partial.mutable_data_ptr<double>(), values,
                        reinterpret_cast<int*>(values + columns)));
  return result;
}

void enqueueGradient(const DeviceInput& input, const at::Tensor& table, const at::Tensor& gradient) {
  const auto classes = static_cast<std::size_t>(input.problem.layout.classes);
  expectDone(cuda::gradient(input.problem, tablesIn(table.const_data_ptr<float>(), classes),
                            gradient.mutable_data_ptr()));
}

bool near(const RegionPart& a, const RegionPart& b) {
  const auto close = [](double x, double y) { return std::abs(x - y) <= 1e-4 * (1 + std::abs(y)); };
  return a.voxels == b.voxels && close(a.probability, b.probability) &&
         close(a.cross_entropy, b.cross_entropy);
}

/// A small case by the kernels and by plain LibTorch calls.
bool agrees(const at::Device& device) {
  const at::TensorOptions options = at::TensorOptions(device);
  const at::Tensor logits =
      at::linspace(-3, 3, 2 * 4 * 5 * 6 * 7, options.dtype(at::kFloat)).view({2, 4, 5, 6, 7}).sin();
  const at::Tensor count = at::arange(2 * 5 * 6 * 7, options.dtype(at::kInt)).view({2, 5, 6, 7});
  const Target target{
      count.div(50, "floor").remainder(4).to(at::kByte), count.remainder(3).eq(0).to(at::kByte), {}};
  const at::Tensor filled = at::empty_like(logits);
  const RegionSums found = sums(logits, target, false, filled), exact = composedSums(logits, target, false);
  for (std::size_t j = 0; j < exact.classes.size(); ++j) {
    const ClassSums &a = found.classes[j], &b = exact.classes[j];
    if (!near(a.band, b.band) || !near(a.interior, b.interior) || std::abs(a.elsewhere - b.elsewhere) > 1e-3)
      return false;
  }
  const std::vector<ClassCoefficients> coefficients = {
      {0.5, 0.1, 0.2, 1, 2}, {-1, 0.3, 0.4, 2, 1}, {2, -0.5, 0.6, 1, 1}, {0, 0.7, -0.8, 3, 1}};
  gradient(logits, target, false, coefficients, filled);
  return at::allclose(filled, composedGradient(logits, target, false, coefficients), 1e-3, 1e-4);
}

bool checkedOnce(const at::Device& device) {
  try {
    if (agrees(device)) return true;
    TORCH_WARN(
        "the CUDA kernel of the losses does not agree with LibTorch on this GPU; LibTorch computes instead");
  } catch (const std::exception& error) {
    TORCH_WARN(error.what(), "; LibTorch computes instead");
  }
  return false;
}

}  // namespace

bool takes(const at::Tensor& logits) {
  if (!kernelsAreBuilt() || !logits.defined() || !logits.is_cuda() || !fits(logits)) return false;
  static const bool sound = checkedOnce(logits.device());
  return sound;
}

RegionSums sums(const at::Tensor& logits, const Target& target, bool weighted, const at::Tensor&) {
  const c10::DeviceGuard guard(logits.device());
  const at::Tensor host = enqueueSums(logits, prepare(logits, target, weighted)).to(at::kCPU);
  const HostSums found = readSums(host.const_data_ptr<double>(), logits.size(1));
  if ((found.faults & kLabelBeyond) != 0) refuseLabelsBeyond(target.labels, logits.size(1));
  if ((found.faults & kNotFinite) != 0) refuseNotFinite(logits);
  return found.sums;
}

void gradient(const at::Tensor& logits, const Target& target, bool weighted,
              const std::vector<ClassCoefficients>& coefficients, const at::Tensor& gradient) {
  const c10::DeviceGuard guard(logits.device());
  enqueueGradient(prepare(logits, target, weighted),
                  at::tensor(tableValues(coefficients)).to(logits.device()), gradient);
}

at::Tensor sumsThenGradient(const at::Tensor& logits, const Target& target, bool weighted,
                            const HostDesk& desk, const at::Tensor& gradient) {
  const c10::DeviceGuard guard(logits.device());
  const DeviceInput input = prepare(logits, target, weighted);
  const at::Tensor sums = enqueueSums(logits, input);
  const at::Tensor table = at::empty(desk.table.sizes(), logits.options().dtype(at::kFloat));
  expectDone(throughHost(input.problem, {sums.const_data_ptr<double>(), desk.sums.mutable_data_ptr<double>(),
                                         static_cast<std::size_t>(sums.numel()), desk.work, desk.context,
                                         desk.table.const_data_ptr<float>(), table.mutable_data_ptr<float>(),
                                         static_cast<std::size_t>(table.numel())}));
  enqueueGradient(input, table, gradient);
  return table;
}

std::int64_t sumCount(std::int64_t classes) {
  return kSumsPerClass * classes + 1;
}

HostSums readSums(const double* values, std::int64_t classes) {
  HostSums read;
  read.faults = *reinterpret_cast<const int*>(values + kSumsPerClass * classes);
  const auto part = [&](std::int64_t region) {
    const double* const row = values + classes + kSumsPerRegion * region;
    return RegionPart{row[0], row[1], row[2], row[3]};
  };
  for (std::int64_t c = 0; c < classes; ++c) {
    read.sums.classes.push_back({values[c], part(2 * c + 1), part(2 * c)});
    read.sums.voxels += read.sums.classes.back().voxels();  // every voxel has one label
  }
  return read;
}

}  // namespace rind::losses::cuda
