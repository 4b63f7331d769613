#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "rind/training/session.h"

namespace rind::training {

/// Small cases in memory: a bright box (class 1) beside a dim one (class 2) in noise, from a seed.
TrainingData toyData(int training_cases = 6, int validation_cases = 2);

/// The same cases with `before` called as each is opened; it may throw, wait, or change the image.
std::shared_ptr<const core::CaseSource> toyCases(
    int count, std::function<void(std::size_t index, std::vector<float>& image)> before);

/// RIND_TEST_DEVICE, which tools/gpu-check sets, or "cpu": what is compared bit for bit is so on the
/// processor only.
std::string testDevice();

/// A configuration that trains on them in a second or two, on testDevice().
core::RunConfig toyConfig();

/// Records events, and lets a test wait for one.
class EventRecord {
 public:
  EventSink sink();
  /// Waits until `count` events hold, or the run has ended.
  void waitFor(const std::function<bool(const messages::Event&)>& wanted, int count = 1);
  std::vector<messages::Event> all() const;

  template <class T>
  std::vector<T> of() const {
    std::vector<T> found;
    for (const auto& event : all())
      if (const auto* one = std::get_if<T>(&event)) found.push_back(*one);
    return found;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<messages::Event> events_;
};

/// A session on toyData in `folder`; with RIND_TEST_LATE its steps are read late, as on a GPU.
SessionSetup toySetup(const std::filesystem::path& folder, EventRecord& record,
                      core::RunConfig config = toyConfig());

/// The bytes of RUN/checkpoints/last.checkpoint: weights, moments and all that the next step depends on.
std::string lastCheckpoint(const std::filesystem::path& run);

bool isStep(const messages::Event& event);

}  // namespace rind::training
