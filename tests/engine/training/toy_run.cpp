#include "toy_run.h"

#include <cmath>
#include <cstdlib>

#include "rind/contour/depth_map.h"
#include "rind/core/atomic_file.h"
#include "rind/core/random.h"

namespace rind::training {
namespace {

using core::Extent3;

constexpr Extent3 kSize = {12, 14, 16};

class ToyCases : public core::CaseSource {
 public:
  using Before = std::function<void(std::size_t, std::vector<float>&)>;
  ToyCases(int first, int count, Before before = {})
      : first_(first), count_(static_cast<std::size_t>(count)), before_(std::move(before)) {}
  std::size_t count() const override { return count_; }
  std::string id(std::size_t index) const override {
    return "toy_" + std::to_string(first_ + static_cast<int>(index));
  }
  core::PreparedCase open(std::size_t index) const override {
    struct Memory {
      std::vector<float> image;
      core::LabelVolume labels;
      core::DepthVolume depth;
    };
    auto memory = std::make_shared<Memory>();
    core::RandomStream random(9, core::Purpose::phantom, 0,
                              static_cast<std::uint32_t>(first_) + static_cast<std::uint32_t>(index));
    memory->labels = core::LabelVolume(kSize);
    const auto shift = static_cast<std::int64_t>(random.below(4));
    for (std::int64_t z = 3; z < 9; ++z)
      for (std::int64_t y = 2 + shift; y < 8 + shift; ++y)
        for (std::int64_t x = 3; x < 13; ++x) memory->labels[{z, y, x}] = x < 8 ? 1 : 2;
    memory->image.resize(memory->labels.voxels.size());
    for (std::size_t i = 0; i < memory->image.size(); ++i)
      memory->image[i] = static_cast<float>(memory->labels.voxels[i] + 0.3 * random.normal() - 0.5);
    if (before_) before_(index, memory->image);
    memory->depth = contour::depthMap(memory->labels, 254, core::Border::replicate);
    core::PreparedCase prepared;
    prepared.id = id(index);
    prepared.geometry.size = kSize;
    prepared.channels = 1;
    prepared.image = memory->image.data();
    prepared.labels = memory->labels;
    prepared.depth = memory->depth;
    prepared.memory = memory;
    return prepared;
  }

 private:
  int first_;
  std::size_t count_;
  Before before_;
};

}  // namespace

TrainingData toyData(int training_cases, int validation_cases) {
  TrainingData data;
  data.labels = core::makeLabelSet({{0, "background"}, {1, "left box"}, {2, "right box"}});
  data.channels = {"noise"};
  data.training = std::make_shared<ToyCases>(0, training_cases);
  data.validation = std::make_shared<ToyCases>(100, validation_cases);
  return data;
}

std::shared_ptr<const core::CaseSource> toyCases(
    int count, std::function<void(std::size_t index, std::vector<float>& image)> before) {
  return std::make_shared<ToyCases>(0, count, std::move(before));
}

SessionSetup toySetup(const std::filesystem::path& folder, EventRecord& record, core::RunConfig config) {
  SessionSetup setup;
  setup.config = std::move(config);
  setup.folder = folder;
  setup.open = [](const core::RunConfig&, const OpeningWatch&) { return toyData(); };
  setup.sink = record.sink();
  setup.late = std::getenv("RIND_TEST_LATE") != nullptr;
  return setup;
}

std::string lastCheckpoint(const std::filesystem::path& run) {
  return core::readFile(run / "checkpoints" / "last.checkpoint");
}

bool isStep(const messages::Event& event) {
  return std::holds_alternative<messages::Step>(event);
}

std::string testDevice() {
  const char* const wanted = std::getenv("RIND_TEST_DEVICE");
  return wanted != nullptr ? wanted : "cpu";
}

core::RunConfig toyConfig() {
  core::RunConfig config;
  config.data = "toy";
  config.base_channels = 2;
  config.batch = 2;
  config.epochs = 2;
  config.learning_rate = 1e-2;
  config.contour.iterations = 1;
  config.patch = Extent3{16, 16, 16};
  config.threads = 1;
  config.device = testDevice();
  config.precision = "fp32";
  return config;
}

EventSink EventRecord::sink() {
  return [this](const messages::Event& event, const std::string&) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
    }
    changed_.notify_all();
  };
}

void EventRecord::waitFor(const std::function<bool(const messages::Event&)>& wanted, int count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    int found = 0;
    for (const auto& event : events_) {
      found += wanted(event);
      if (std::holds_alternative<messages::Ended>(event)) return true;
    }
    return found >= count;
  });
}

std::vector<messages::Event> EventRecord::all() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

}  // namespace rind::training
