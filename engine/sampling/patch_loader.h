#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "rind/sampling/patch.h"
#include "rind/sampling/schedule.h"

namespace rind::sampling {

/// One optimiser step's input.
struct Batch {
  at::Tensor image;       // float32 [B, C, D, H, W]
  at::Tensor labels;      // uint8 [B, D, H, W]
  at::Tensor depth;       // uint8, replicate border
  at::Tensor depth_zero;  // uint8, zero border
  std::vector<std::size_t> cases;
};

/// Cuts an epoch's batches on a thread of its own, at most `kAhead` of them ahead of training. An error in a
/// case comes out of next(), with the case's name; destruction ends the thread at once.
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
  };

  PatchLoader(const core::CaseSource& cases, Plan plan);
  ~PatchLoader();
  PatchLoader(const PatchLoader&) = delete;
  PatchLoader& operator=(const PatchLoader&) = delete;

  /// The next batch in order, or nothing at the end of the epoch. Rethrows what went wrong while cutting it.
  std::optional<Batch> next();

 private:
  void work();
  Batch cut(std::size_t batch) const;
  std::size_t batches() const;

  const core::CaseSource& cases_;
  const Plan plan_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> ready_;
  std::exception_ptr failure_;
  bool done_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace rind::sampling
