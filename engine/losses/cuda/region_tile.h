#pragma once

#include <cmath>
#include <cstdint>

#include "rind/losses/gradient_tables.h"

#ifdef __CUDACC__
#define RIND_BOTH __host__ __device__
#else
#define RIND_BOTH
#endif

/// What one thread of the CUDA kernels does with one voxel. Kept free of CUDA, so that all of it but the
/// launch is tested on the processor.
namespace rind::losses::cuda {

/// Voxels of a tile, one a thread.
constexpr int kThreads = 128;
/// A thread sums each region (2·class + in band) of a tile.
constexpr int kMostClasses = kThreads / 2;
/// Sums by class: elsewhere, and for interior and band voxels, Σp, Σ−log p, Σ−w log p.
constexpr int kSumsPerRegion = 4;
constexpr int kSumsPerClass = 1 + 2 * kSumsPerRegion;

/// Logits or gradient in memory; strides in values.
struct Layout {
  std::int64_t samples = 0;
  std::int64_t voxels = 0;  // of one sample
  int classes = 0;
  std::int64_t class_stride = 0;
  std::int64_t voxel_stride = 0;

  RIND_BOTH std::int64_t count() const { return samples * voxels; }
  RIND_BOTH std::int64_t at(std::int64_t voxel) const {
    return voxel / voxels * voxels * classes + voxel % voxels * voxel_stride;
  }
};

template <class Logit>
struct Input {
  Layout layout;
  const Logit* logits = nullptr;
  const std::uint8_t* labels = nullptr;  // [samples, voxels]
  const std::uint8_t* band = nullptr;
  const float* weight = nullptr;  // may be null
};

enum Fault : int { kNone = 0, kLabelBeyond = 1, kNotFinite = 2 };

/// exp(z_c − top) summed over the classes other than the label, and at the label.
struct Softmax {
  float top = 0, rest = 0, own = 0;
  bool finite = true;

  RIND_BOTH float total() const { return rest + own; }
  /// −log p_label, exact also where p_label is nearly 1.
  RIND_BOTH float crossEntropy(float z_label) const {
    return own == 1.0f ? log1pf(rest) : logf(total()) + (top - z_label);
  }
};

template <class Logit>
RIND_BOTH Softmax softmaxAt(const Logit* z, const Layout& layout, int label) {
  Softmax result;
  result.top = static_cast<float>(z[label * layout.class_stride]);
  for (int c = 0; c < layout.classes; ++c) {
    const auto value = static_cast<float>(z[c * layout.class_stride]);
    result.finite = result.finite && value - value == 0;
    result.top = value > result.top ? value : result.top;
  }
  for (int c = 0; c < layout.classes; ++c) {
    const float e = expf(static_cast<float>(z[c * layout.class_stride]) - result.top);
    (c == label ? result.own : result.rest) += e;
  }
  return result;
}

/// What a block of threads shares. `elsewhere`: [class][thread], over all of the block's tiles.
struct Tile {
  float* elsewhere;
  int region[kThreads];
  float probability[kThreads];
  float cross_entropy[kThreads];
  float weighted[kThreads];
};

/// First, by every thread: its voxel's part of the sums. Returns the faults met.
template <class Logit>
RIND_BOTH int measureVoxel(const Input<Logit>& in, std::int64_t voxel, int thread, Tile& tile) {
  tile.region[thread] = -1;
  if (voxel >= in.layout.count()) return kNone;
  const int label = in.labels[voxel];
  if (label >= in.layout.classes) return kLabelBeyond;
  const Logit* const z = in.logits + in.layout.at(voxel);
  const Softmax softmax = softmaxAt(z, in.layout, label);
  if (!softmax.finite) return kNotFinite;
  const float inverse = 1.0f / softmax.total();
  for (int c = 0; c < in.layout.classes; ++c)
    if (c != label)
      tile.elsewhere[c * kThreads + thread] +=
          expf(static_cast<float>(z[c * in.layout.class_stride]) - softmax.top) * inverse;
  const float entropy = softmax.crossEntropy(static_cast<float>(z[label * in.layout.class_stride]));
  tile.region[thread] = 2 * label + (in.band[voxel] != 0 ? 1 : 0);
  tile.probability[thread] = softmax.own * inverse;
  tile.cross_entropy[thread] = entropy;
  tile.weighted[thread] = in.weight != nullptr ? in.weight[voxel] * entropy : 0.0f;
  return kNone;
}

/// Then, after all are done, by one thread a region: adds the tile's voxels of it.
inline RIND_BOTH void addTile(const Tile& tile, int region, double* sums) {
  float voxels = 0, probability = 0, entropy = 0, weighted = 0;
  for (int i = 0; i < kThreads; ++i) {
    if (tile.region[i] != region) continue;
    voxels += 1;
    probability += tile.probability[i];
    entropy += tile.cross_entropy[i];
    weighted += tile.weighted[i];
  }
  sums[0] += voxels;
  sums[1] += probability;
  sums[2] += entropy;
  sums[3] += weighted;
}

/// The gradient at a voxel; 0 where its label is none of the classes. With l the label, b = everywhere, o =
/// own, r = 1 − p_l, w the entropy's factor:
///   g_c = p_c (b_c + w − Σ_{k≠l} p_k b_k − p_l (b_l + o)),
///   g_l = p_l (r (b_l + o) − Σ_{k≠l} p_k b_k) − w r: nothing large cancels where p_l is nearly 1.
template <class Logit>
RIND_BOTH void writeVoxel(const Input<Logit>& in, std::int64_t voxel, const GradientTables& tables,
                          Logit* gradient) {
  const Layout& layout = in.layout;
  const std::int64_t at = layout.at(voxel);
  const Logit* const z = in.logits + at;
  const int label = in.labels[voxel], region = 2 * label + (in.band[voxel] != 0 ? 1 : 0);
  if (label >= layout.classes) {
    for (int c = 0; c < layout.classes; ++c)
      gradient[at + c * layout.class_stride] = static_cast<Logit>(0.0f);
    return;
  }
  const Softmax softmax = softmaxAt(z, layout, label);
  const float inverse = 1.0f / softmax.total();
  const auto probability = [&](int c) {
    return expf(static_cast<float>(z[c * layout.class_stride]) - softmax.top) * inverse;
  };
  float others = 0;
  for (int c = 0; c < layout.classes; ++c)
    if (c != label) others += probability(c) * tables.everywhere[c];
  const float p = softmax.own * inverse, rest = softmax.rest * inverse;
  const float own = tables.everywhere[label] + tables.own[region];
  const float w = tables.cross_entropy[region] * (in.weight != nullptr ? in.weight[voxel] : 1.0f);
  const float shift = w - others - p * own;
  for (int c = 0; c < layout.classes; ++c) {
    const float value =
        c == label ? p * (rest * own - others) - w * rest : probability(c) * (tables.everywhere[c] + shift);
    gradient[at + c * layout.class_stride] = static_cast<Logit>(value);
  }
}

}  // namespace rind::losses::cuda
