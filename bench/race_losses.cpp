// Times the engine for bench/race_losses.py.
//   race_losses loss LOGITS.npy LABELS.npy RUNS     CWCD, paper preset, zero border, n = 6: milliseconds,
//   value, memory race_losses weights LABELS.npy CLASSES RUNS     DWCE's weight map
#include <ATen/ATen.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/core/npy.h"
#include "rind/losses/losses.h"

namespace {

using namespace rind;

template <class Work>
double fastest(int runs, Work work) {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

at::Tensor tensorOf(const core::NpyArray& array) {
  at::Tensor tensor = at::empty(array.shape, array.type == "u1" ? at::kByte : at::kFloat);
  std::memcpy(tensor.mutable_data_ptr(), array.bytes.data(), array.bytes.size());
  return tensor;
}

/// "VmRSS:" (held now) or "VmHWM:" (most held since forgetPeak), in MiB.
double memory(const std::string& which) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kibibytes = 0;
    if (word == which && status >> kibibytes) return kibibytes / 1024;
  }
  return 0;
}

void forgetPeak() {
  std::ofstream("/proc/self/clear_refs") << 5;
}

losses::Target targetOf(const core::NpyArray& labels) {
  const at::Tensor classes = tensorOf(labels);
  const core::Extent3 size{classes.size(1), classes.size(2), classes.size(3)};
  const core::LabelView view{size, classes.const_data_ptr<std::uint8_t>()};
  losses::Target target{classes, at::empty_like(classes), {}};
  contour::bandMask(view, contour::depthMap(view, 6, core::Border::zero), std::vector<int>(256, 6), true,
                    target.band.mutable_data_ptr<std::uint8_t>());
  return target;
}

void raceLoss(const char* logits_file, const char* labels_file, int runs) {
  const at::Tensor logits = tensorOf(core::readNpy(logits_file));
  const losses::Target target = targetOf(core::readNpy(labels_file));
  {  // threads and code are there before memory is measured
    const at::Tensor few = logits.narrow(2, 0, 4).contiguous();
    const losses::Target part{target.labels.narrow(1, 0, 4), target.band.narrow(1, 0, 4), {}};
    losses::evaluate(few, part, {}, false, true);
  }
  malloc_trim(0);
  forgetPeak();
  const double before = memory("VmRSS:");
  const double value = losses::evaluate(logits, target, {}, false, true).report.total;
  const double peak = memory("VmHWM:") - before;
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  const auto milliseconds = [&](const at::Tensor& z) {
    return fastest(runs, [&] { losses::evaluate(z, target, {}, false, true); });
  };
  const at::Tensor half = logits.to(at::kBFloat16);
  std::printf(
      "{\"value\": %.9g, \"fp32_ms\": %.3f, \"bf16_ms\": %.3f, \"fp32_channels_last_ms\": %.3f, "
      "\"bf16_channels_last_ms\": %.3f, \"peak_mib\": %.1f, \"gradient_mib\": %.1f}\n",
      value, milliseconds(logits), milliseconds(half),
      milliseconds(logits.contiguous(at::MemoryFormat::ChannelsLast3d)),
      milliseconds(half.contiguous(at::MemoryFormat::ChannelsLast3d)), peak,
      static_cast<double>(logits.nbytes()) / (1 << 20));
}

/// Dice per foreground class of [B, M, D, H, W] tensors.
at::Tensor diceOf(const at::Tensor& p, const at::Tensor& g) {
  const std::vector<std::int64_t> axes = {0, 2, 3, 4};
  return (2 * (p * g).sum(axes) + 1e-3) / (p.sum(axes) + g.sum(axes) + 1e-3);
}

/// What is made once per case, outside the time.
struct PlainTarget {
  at::Tensor labels, one_hot, band;  // int64, float32 [B, C, D, H, W], float32 with the foreground's band
};

/// SDL + CWCE as one would write it in PyTorch.
at::Tensor plainCwcd(const at::Tensor& z, const PlainTarget& target) {
  const at::Tensor entropy = at::cross_entropy_loss(z, target.labels, {}, at::Reduction::None);
  const std::int64_t foreground = z.size(1) - 1;
  const at::Tensor p = at::softmax(z, 1).narrow(1, 1, foreground);
  const at::Tensor g = target.one_hot.narrow(1, 1, foreground);
  const at::Tensor inside = g * target.band.unsqueeze(1);
  const at::Tensor outside = 1 - inside;
  const at::Tensor contour = diceOf(p * inside, g * inside);
  const at::Tensor rest = diceOf(p * outside, g * outside);
  return ((1 + 2 * target.band) * entropy).mean() + (0.5 * (1 - contour) + 0.5 * (1 - rest)).mean();
}

template <class Loss>
double backward(at::Tensor& z, const Loss& loss) {
  z.mutable_grad() = at::Tensor();
  const at::Tensor value = loss();
  value.backward();
  return value.template item<double>();
}

/// The same by LibTorch's autograd: the calls and kernels of PyTorch of that version.
void racePlain(const char* logits_file, const char* labels_file, int runs) {
  at::Tensor logits = tensorOf(core::readNpy(logits_file)).requires_grad_();
  const losses::Target target = targetOf(core::readNpy(labels_file));
  const at::Tensor labels = target.labels.to(at::kLong);
  const PlainTarget plain{labels, at::zeros_like(logits).detach().scatter_(1, labels.unsqueeze(1), 1),
                          target.band.logical_and(target.labels.gt(0)).to(at::kFloat)};
  const auto cwcd = [&] { return plainCwcd(logits, plain); };
  const auto entropy = [&] { return at::cross_entropy_loss(logits, plain.labels); };
  malloc_trim(0);
  forgetPeak();
  const double before = memory("VmRSS:");
  const double value = backward(logits, cwcd);
  const double peak = memory("VmHWM:") - before;
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  std::printf("{\"value\": %.9g, \"cwcd_ms\": %.3f, \"entropy_ms\": %.3f, \"peak_mib\": %.1f}\n", value,
              fastest(runs, [&] { backward(logits, cwcd); }),
              fastest(runs, [&] { backward(logits, entropy); }), peak);
}

void raceWeights(const char* labels_file, int classes, int runs) {
  const core::NpyArray array = core::readNpy(labels_file);
  core::LabelVolume labels;
  labels.size = {array.shape.at(0), array.shape.at(1), array.shape.at(2)};
  labels.voxels = array.as<std::uint8_t>();
  core::Volume<float> weights;
  const double took = fastest(runs, [&] { weights = losses::distanceWeights(labels, classes, 10, 5); });
  double sum = 0;
  for (const float weight : weights.voxels) sum += weight;
  std::printf("{\"weights_ms\": %.3f, \"sum\": %.9g}\n", took, sum);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string what = argv[1];
  if (what == "loss") raceLoss(argv[2], argv[3], std::atoi(argv[4]));
  if (what == "plain") racePlain(argv[2], argv[3], std::atoi(argv[4]));
  if (what == "weights") raceWeights(argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
}
