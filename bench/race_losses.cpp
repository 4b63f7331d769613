// Times the engine for bench/race_losses.py.
//   race_losses loss LOGITS.npy LABELS.npy RUNS       CWCD, zero border, n = 6: milliseconds, values, memory
//   race_losses weights LABELS.npy CLASSES RUNS       DWCE's weight map
#include <ATen/ATen.h>
#include <malloc.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/core/npy.h"
#include "rind/losses/losses.h"

namespace {

using namespace rind;

template <class Work>
double milliseconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  return took.count();
}

template <class Work>
double fastest(int runs, const Work& work) {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) best = std::min(best, milliseconds(work));
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

/// to[0..3] = scale · from[0..3], without reading the cache line of `to` first where the processor can.
void storePastCache(const float* from, float scale, float* to) {
#ifdef __SSE2__
  _mm_stream_ps(to, _mm_mul_ps(_mm_loadu_ps(from), _mm_set1_ps(scale)));
#else
  for (int i = 0; i < 4; ++i) to[i] = scale * from[i];
#endif
}

/// The loss's three streams without its arithmetic: the logits read twice, the gradient written past the
/// cache.
void moveStreams(const at::Tensor& logits, at::Tensor& gradient) {
  const auto count = logits.numel();
  const float* from = logits.const_data_ptr<float>();
  float* to = gradient.mutable_data_ptr<float>();
  float sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
  for (std::int64_t i = 0; i < count; ++i) sum += from[i];
  const float scale = sum == 0.5f ? 2 : 1;  // so that the first read is not left out
#pragma omp parallel for
  for (std::int64_t i = 0; i < count; i += 4) storePastCache(from + i, scale, to + i);
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
  losses::evaluate(logits, target, {}, false, true);
  const double peak = memory("VmHWM:") - before;
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  const at::Tensor half = logits.to(at::kBFloat16);
  const std::vector<std::pair<std::string, at::Tensor>> kinds = {
      {"fp32_ms", logits},
      {"bf16_ms", half},
      {"fp32_channels_last_ms", logits.contiguous(at::MemoryFormat::ChannelsLast3d)},
      {"bf16_channels_last_ms", half.contiguous(at::MemoryFormat::ChannelsLast3d)}};
  const auto times = [&](const core::LossSettings& settings) {
    nlohmann::json result = {
        {"value", losses::evaluate(logits, target, settings, false, false).report.total}};
    for (int i = 0; i < runs; ++i)  // turn by turn: the machine's mood is the same for all
      for (const auto& [name, z] : kinds) {
        const double took = milliseconds([&] { losses::evaluate(z, target, settings, false, true); });
        result[name] = std::min(result.value(name, took), took);
      }
    return result;
  };
  core::LossSettings authors;
  authors.preset = core::Preset::authors;
  at::Tensor gradient = at::empty_like(logits);
  const nlohmann::json result = {{"paper", times({})},
                                 {"authors", times(authors)},
                                 {"streams_ms", fastest(runs, [&] { moveStreams(logits, gradient); })},
                                 {"peak_mib", peak},
                                 {"gradient_mib", static_cast<double>(logits.nbytes()) / (1 << 20)}};
  std::puts(result.dump().c_str());
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
  if (what == "weights") raceWeights(argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
}
