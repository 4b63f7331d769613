#include "rind/sampling/patch_loader.h"

#include <ATen/Functions.h>

namespace rind::sampling {

PatchLoader::PatchLoader(const core::CaseSource& cases, Plan plan)
    : cases_(cases), plan_(std::move(plan)), thread_([this] { work(); }) {}

PatchLoader::~PatchLoader() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::size_t PatchLoader::batches() const {
  const auto size = static_cast<std::size_t>(plan_.batch);
  return (plan_.samples.size() + size - 1) / size;
}

Batch PatchLoader::cut(std::size_t batch) const {
  const auto size = static_cast<std::size_t>(plan_.batch);
  std::vector<at::Tensor> image, labels, depth, depth_zero;
  Batch out;
  for (std::size_t i = batch * size; i < std::min(plan_.samples.size(), (batch + 1) * size); ++i) {
    const Sample& sample = plan_.samples[i];
    const Patch patch = cutPatch(cases_.open(sample.case_index),
                                 {plan_.patch, plan_.augmentation, plan_.seed, plan_.epoch, sample.number});
    image.push_back(patch.image);
    labels.push_back(patch.labels);
    depth.push_back(patch.depth);
    depth_zero.push_back(patch.depth_zero);
    out.cases.push_back(sample.case_index);
  }
  out.image = at::stack(image);
  out.labels = at::stack(labels);
  out.depth = at::stack(depth);
  out.depth_zero = at::stack(depth_zero);
  return out;
}

void PatchLoader::work() {
  std::exception_ptr failure;
  try {
    for (std::size_t batch = plan_.first; batch < batches(); ++batch) {
      Batch made = cut(batch);
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stop_ || ready_.size() < kAhead; });
      if (stop_) return;
      ready_.push_back(std::move(made));
      changed_.notify_all();
    }
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  failure_ = failure;
  done_ = true;
  changed_.notify_all();
}

std::optional<Batch> PatchLoader::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_ || !ready_.empty(); });
  if (!ready_.empty()) {
    Batch batch = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return batch;
  }
  if (failure_) std::rethrow_exception(failure_);
  return std::nullopt;
}

}  // namespace rind::sampling
