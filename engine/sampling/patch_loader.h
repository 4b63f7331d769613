#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "rind/sampling/patch.h"
#include "rind/sampling/schedule.h"

namespace rind::sampling {

/// One forward pass's input.
struct Batch {
  at::Tensor image;       // float32 [B, C, D, H, W]; undefined where every case of it was left out
  at::Tensor labels;      // uint8 [B, D, H, W]
  at::Tensor depth;       // uint8, replicate border
  at::Tensor depth_zero;  // uint8, zero border
  std::vector<std::size_t> cases;
  std::vector<core::Index3> corners;
  /// What was wrong with cases that were left out (Plan::skip_broken).
  std::vector<std::string> broken;
};

/// Cuts an epoch's batches on a thread of its own, at most `kAhead` of them ahead of training. An error in a
/// case comes out of next(), with the case's name. Destruction ends the thread, or leaves it behind where it
/// hangs in a read that does not come back (a file system on a network).
class PatchLoader {
 public:
  static constexpr std::size_t kAhead = 3;

  struct Plan {
    core::Extent3 patch;
    Augmentation augmentation;
    int batch = 1;
    std::uint64_t seed = 1;
    std::uint32_t epoch = 0;
    std::vector<Sample> samples;  // in order; a last batch may be smaller
    std::size_t first = 0;        // batches to leave out, when resuming within an epoch
    bool skip_broken = false;
    /// Batches in page-locked memory, from which a GPU copies while it computes. Needs LibTorch's CUDA.
    bool pinned = false;
  };

  PatchLoader(std::shared_ptr<const core::CaseSource> cases, Plan plan);
  ~PatchLoader();
  PatchLoader(const PatchLoader&) = delete;
  PatchLoader& operator=(const PatchLoader&) = delete;

  /// The next batch in order, or nothing at the end of the epoch. Rethrows what went wrong while cutting it.
  /// While there is none, `waiting` is called about ten times a second with the seconds waited so far; it may
  /// throw.
  std::optional<Batch> next(const std::function<void(double)>& waiting = {});

  /// The case that is being read at this moment; empty where none is.
  std::string reading() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace rind::sampling
