// What a run survives: damaged files, losses that are not finite, memory that runs out, broken cases.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <new>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/exporting/loaded_model.h"
#include "rind/test_support/small_disk.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/training/memory_need.h"
#include "toy_run.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;

SessionSetup resumed(const fs::path& folder, EventRecord& record) {
  auto setup = toySetup(folder, record);
  setup.resume = true;
  return setup;
}

void damage(const fs::path& file) {
  std::string bytes = core::readFile(file);
  bytes[bytes.size() / 2] ^= 1;
  core::writeFileWhole(file, bytes);
}

/// toyData with `before` called as each training case is opened, once the run has begun.
OpenData openWith(std::function<void(std::size_t, std::vector<float>&)> before) {
  return [before](const core::RunConfig&, const OpeningWatch&) {
    TrainingData data = toyData();
    data.training = toyCases(6, before);
    return data;
  };
}

std::string warningsOf(const EventRecord& record) {
  std::string text;
  for (const auto& warning : record.of<messages::Warning>()) text += warning.text + "\n";
  return text;
}

}  // namespace

TEST(Recovery, AFullDiskIsSaidInTheLockWhichHasRoomForIt) {
  const TemporaryFolder folder;
  const test_support::SmallDisk disk(folder / "disk");
  if (!disk.isMounted()) GTEST_SKIP() << "mounting a small file system is not permitted here";
  const auto noteIn = [&] {
    const std::string lock = core::readFile(disk / "run/lock");
    const std::string note = lock.substr(lock.find('\n') + 1);
    return note.substr(0, note.find_last_not_of(" \n") + 1);
  };
  const auto isState = [](const char* wanted) {
    return [wanted](const messages::Event& event) {
      const auto* state = std::get_if<messages::State>(&event);
      return state != nullptr && state->state == wanted;
    };
  };
  EventRecord record;
  auto config = toyConfig();
  config.epochs = 10000;
  Session session(toySetup(disk / "run", record, config));
  record.waitFor(isStep, 2);
  EXPECT_EQ(noteIn(), "");
  disk.fill();
  record.waitFor(isState("paused"));
  EXPECT_NE(noteIn().find("No space left"), std::string::npos) << core::readFile(disk / "run/lock");
  const auto steps = static_cast<int>(record.of<messages::Step>().size());
  disk.makeRoom();
  record.waitFor(isState("running"), 2);
  record.waitFor(isStep, steps + 2);
  EXPECT_EQ(noteIn(), "");
  session.stop();
  EXPECT_EQ(session.wait().reason, "stopped");
}

TEST(Recovery, ADamagedCheckpointIsNoticedAndTheOneBeforeUsed) {
  const TemporaryFolder folder;
  EventRecord record;
  Session(toySetup(folder / "run", record)).wait();
  const std::string whole = lastCheckpoint(folder / "run");
  damage(folder / "run/checkpoints/last.checkpoint");
  EventRecord again;
  const auto result = Session(resumed(folder / "run", again)).wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  EXPECT_NE(warningsOf(again).find("last.checkpoint"), std::string::npos);
  EXPECT_EQ(lastCheckpoint(folder / "run"), whole) << "the steps since were trained again";
  EXPECT_TRUE(fs::exists(folder / "run/checkpoints/damaged.checkpoint"));
}

TEST(Recovery, ARunStoppedBeforeItsFirstStepCanPredictAndResume) {
  const TemporaryFolder folder;
  EventRecord whole;
  Session(toySetup(folder / "whole", whole)).wait();
  fs::create_directories(folder / "cut/checkpoints");
  {
    EventRecord record;
    Session session(toySetup(folder / "cut", record));
    record.waitFor([](const auto& event) { return std::holds_alternative<messages::Started>(event); });
    session.stop();
    session.wait();
  }
  fs::remove(folder / "cut/checkpoints/best.weights");
  EXPECT_EQ(exporting::loadRun(folder / "cut").weights, "last.checkpoint");
  damage(folder / "cut/checkpoints/last.checkpoint");
  const auto model = exporting::loadRun(folder / "cut");
  EXPECT_EQ(model.weights, "previous.checkpoint");
  EXPECT_NE(model.warning.find("last.checkpoint"), std::string::npos);
  EventRecord record;
  EXPECT_EQ(Session(resumed(folder / "cut", record)).wait().reason, "finished");
  EXPECT_EQ(lastCheckpoint(folder / "cut"), lastCheckpoint(folder / "whole"));
}

TEST(Recovery, OtherDataThanTheRunBeganWithAreNoticed) {
  const TemporaryFolder folder;
  EventRecord record;
  Session(toySetup(folder / "run", record)).wait();
  EventRecord again;
  auto setup = resumed(folder / "run", again);
  setup.changes = {{"epochs", 3}};
  setup.open = openWith([](std::size_t index, std::vector<float>& image) {
    if (index == 2) image[100] += 1;
  });
  EXPECT_EQ(Session(std::move(setup)).wait().reason, "finished");
  EXPECT_NE(warningsOf(again).find("fingerprint"), std::string::npos);
}

TEST(Recovery, AStepWithoutAFiniteLossIsLeftOutAndItsPatchNamed) {
  const TemporaryFolder folder;
  EventRecord record;
  auto setup = toySetup(folder / "run", record);
  setup.config.batch = 1;
  setup.open = openWith([](std::size_t index, std::vector<float>& image) {
    if (index == 4) image[1500] = std::numeric_limits<float>::quiet_NaN();
  });
  const auto result = Session(std::move(setup)).wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  EXPECT_EQ(record.of<messages::Step>().size(), 10U);  // 12 less one an epoch
  EXPECT_NE(warningsOf(record).find("toy_4 (patch at z -2, y -1, x 0)"), std::string::npos)
      << warningsOf(record);
  EXPECT_TRUE(std::isfinite(record.of<messages::Epoch>().back().loss));
  EXPECT_GT(result.mean_dsc, 0.0) << "running statistics were poisoned";
}

TEST(Recovery, RepeatedBadStepsLeadBackWithASmallerRateAndTooManyEndTheRun) {
  const TemporaryFolder folder;
  EventRecord record;
  auto setup = toySetup(folder / "run", record);
  setup.config.epochs = 50;
  setup.config.schedule = "constant";
  const auto opened = std::make_shared<std::atomic<int>>(0);
  setup.open = openWith([opened](std::size_t, std::vector<float>& image) {
    // Plan and fingerprint open every case; after a good epoch all are poisoned, but for one more spell.
    const int now = ++*opened;
    const bool good = now < 24 || (now >= 40 && now < 60);
    if (!good) image[1500] = std::numeric_limits<float>::infinity();
  });
  const auto result = Session(std::move(setup)).wait();
  EXPECT_EQ(result.reason, "failed");
  EXPECT_NE(result.text.find("--clip 1"), std::string::npos) << result.text;
  EXPECT_NE(warningsOf(record).find("learning rate is halved"), std::string::npos) << warningsOf(record);
  const auto steps = record.of<messages::Step>();
  EXPECT_LT(steps.back().learning_rate, steps.front().learning_rate);
}

TEST(Recovery, WithoutMemoryItSaysWhatToChangeOrGoesOnSmallerWhereAsked) {
  const TemporaryFolder folder;
  for (const char* choice : {"stop", "continue"}) {
    EventRecord record;
    auto setup = toySetup(folder / choice, record);
    setup.config.out_of_memory = choice;
    const auto opened = std::make_shared<std::atomic<int>>(0);
    setup.open = openWith([opened](std::size_t, std::vector<float>&) {
      if (++*opened == 20) throw std::bad_alloc();
    });
    const auto result = Session(std::move(setup)).wait();
    if (std::string(choice) == "stop") {
      EXPECT_EQ(result.reason, "failed");
      EXPECT_NE(result.text.find("--accumulate 2 --batch 1"), std::string::npos) << result.text;
      continue;
    }
    EXPECT_EQ(result.reason, "finished") << result.text;
    EXPECT_EQ(record.of<messages::Step>().size(), 6U) << "accumulated, it takes as many steps";
    ASSERT_EQ(record.of<messages::Parameters>().size(), 1U);
    EXPECT_EQ(record.of<messages::Parameters>()[0].changes["accumulate"], 2);
  }
}

TEST(Recovery, LibTorchsWordsForExhaustedMemoryAreKnown) {
  const auto known = [](const char* words) {
    return isOutOfMemory(std::make_exception_ptr(std::runtime_error(words)));
  };
  EXPECT_TRUE(known("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes"));
  EXPECT_TRUE(known("CUDA out of memory. Tried to allocate 2 GiB"));
  EXPECT_TRUE(known("could not create a memory object"));
  EXPECT_TRUE(known("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"));
  EXPECT_TRUE(known("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"));
  EXPECT_FALSE(known("the shapes do not fit"));
}

TEST(Recovery, OfOnePatchHalfTheLongestAxisIsLeft) {
  core::RunConfig config = toyConfig();
  config.batch = 1;
  EXPECT_EQ(smallerStep(config, {32, 64, 48})["patch"], "32x32x48");
  EXPECT_TRUE(smallerStep(config, {16, 16, 16}).empty());
  config.batch = 6;
  EXPECT_EQ(smallerStep(config, {32, 64, 48}), nlohmann::json({{"batch", 3}, {"accumulate", 2}}));
}

TEST(Recovery, ABrokenCaseEndsTheRunNamedOrIsLeftOutWhereAsked) {
  const TemporaryFolder folder;
  const auto breaks = [] {
    const auto opened = std::make_shared<std::atomic<int>>(0);
    return openWith([opened](std::size_t index, std::vector<float>&) {
      if (++*opened > 14 && index == 3) throw core::InputError("image.raw", "is cut short", "copy it again");
    });
  };
  EventRecord record;
  auto setup = toySetup(folder / "run", record);
  setup.open = breaks();
  const auto ended = Session(std::move(setup)).wait();
  EXPECT_EQ(ended.reason, "failed");
  EXPECT_NE(ended.text.find("toy_3"), std::string::npos) << ended.text;
  EventRecord other;
  setup = toySetup(folder / "skipping", other);
  setup.config.skip_broken = true;
  setup.open = breaks();
  EXPECT_EQ(Session(std::move(setup)).wait().reason, "finished");
  EXPECT_NE(warningsOf(other).find("left out: case toy_3: image.raw"), std::string::npos)
      << warningsOf(other);
}

TEST(Recovery, AReadThatHangsHoldsUpNoStop) {
  const TemporaryFolder folder;
  EventRecord record;
  auto setup = toySetup(folder / "run", record);
  const auto opened = std::make_shared<std::atomic<int>>(0);
  const auto released = std::make_shared<std::promise<void>>();
  const auto gate = released->get_future().share();
  setup.open = openWith([opened, gate](std::size_t, std::vector<float>&) {
    if (++*opened == 18) gate.wait();
  });
  Session session(std::move(setup));
  record.waitFor(isStep);
  session.stop();
  EXPECT_EQ(session.wait().reason, "stopped") << "the read is released only after this";
  released->set_value();
}

}  // namespace rind::training
