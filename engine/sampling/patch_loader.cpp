#include "rind/sampling/patch_loader.h"

#include <ATen/Functions.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "rind/core/case_error.h"

namespace rind::sampling {
namespace {

/// How long destruction waits for a thread that may hang in a read.
constexpr auto kLongestFarewell = std::chrono::milliseconds(500);

}  // namespace

/// What both threads use; the last of them ends it.
struct PatchLoader::Shared {
  Shared(std::shared_ptr<const core::CaseSource> source, Plan wanted)
      : cases(std::move(source)), plan(std::move(wanted)) {}

  void work();
  Batch cut(std::size_t batch);
  void add(const Sample& sample, Batch& batch, std::vector<Patch>& patches);
  std::size_t batches() const {
    const auto size = static_cast<std::size_t>(plan.batch);
    return (plan.samples.size() + size - 1) / size;
  }

  const std::shared_ptr<const core::CaseSource> cases;
  const Plan plan;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<Batch> ready;
  std::exception_ptr failure;
  std::string reading;
  bool done = false;
  bool stop = false;
};

PatchLoader::PatchLoader(std::shared_ptr<const core::CaseSource> cases, Plan plan)
    : shared_(std::make_shared<Shared>(std::move(cases), std::move(plan))) {
  std::thread([shared = shared_] { shared->work(); }).detach();
}

PatchLoader::~PatchLoader() {
  std::unique_lock lock(shared_->mutex);
  shared_->stop = true;
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, kLongestFarewell, [this] { return shared_->done; });
}

std::string PatchLoader::reading() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->reading;
}

void PatchLoader::Shared::add(const Sample& sample, Batch& batch, std::vector<Patch>& patches) {
  const std::string id = cases->id(sample.case_index);
  {
    const std::lock_guard lock(mutex);
    reading = id;
  }
  try {
    patches.push_back(cutPatch(cases->open(sample.case_index),
                               {plan.patch, plan.augmentation, plan.seed, plan.epoch, sample.number}));
    batch.cases.push_back(sample.case_index);
    batch.corners.push_back(patches.back().corner);
  } catch (const core::InputError& error) {
    const core::InputError named = core::namingCase(id, error);
    if (!plan.skip_broken) throw named;
    batch.broken.emplace_back(named.what());
  }
}

Batch PatchLoader::Shared::cut(std::size_t number) {
  const auto size = static_cast<std::size_t>(plan.batch);
  std::vector<Patch> patches;
  Batch batch;
  for (std::size_t i = number * size; i < std::min(plan.samples.size(), (number + 1) * size); ++i)
    add(plan.samples[i], batch, patches);
  if (patches.empty()) return batch;
  const auto stacked = [this, &patches](at::Tensor Patch::*member) {
    std::vector<at::Tensor> parts;
    for (const auto& patch : patches) parts.push_back(patch.*member);
    const at::Tensor whole = parts.size() == 1 ? parts[0].unsqueeze(0) : at::stack(parts);
    return plan.pinned ? whole.pin_memory() : whole;
  };
  batch.image = stacked(&Patch::image);
  batch.labels = stacked(&Patch::labels);
  batch.depth = stacked(&Patch::depth);
  batch.depth_zero = stacked(&Patch::depth_zero);
  return batch;
}

void PatchLoader::Shared::work() {
  std::exception_ptr wrong;
  try {
    for (std::size_t batch = plan.first; batch < batches(); ++batch) {
      Batch made = cut(batch);
      std::unique_lock lock(mutex);
      reading.clear();
      changed.wait(lock, [this] { return stop || ready.size() < kAhead; });
      if (stop) break;
      ready.push_back(std::move(made));
      changed.notify_all();
    }
  } catch (...) {
    wrong = std::current_exception();
  }
  const std::lock_guard lock(mutex);
  failure = wrong;
  reading.clear();
  done = true;
  changed.notify_all();
}

std::optional<Batch> PatchLoader::next(const std::function<void(double)>& waiting) {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(shared_->mutex);
  const auto there = [this] { return shared_->done || !shared_->ready.empty(); };
  while (!shared_->changed.wait_for(lock, std::chrono::milliseconds(100), there)) {
    if (!waiting) continue;
    lock.unlock();
    waiting(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    lock.lock();
  }
  if (!shared_->ready.empty()) {
    Batch batch = std::move(shared_->ready.front());
    shared_->ready.pop_front();
    shared_->changed.notify_all();
    return batch;
  }
  if (shared_->failure) std::rethrow_exception(shared_->failure);
  return std::nullopt;
}

}  // namespace rind::sampling
