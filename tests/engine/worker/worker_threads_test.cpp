// What the worker does beside reading commands: exports on a thread of their own, and LibTorch's GPU half,
// which has to be loaded before the first of them computes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <future>
#include <thread>

#include "rind/messages/commands.h"
#include "rind/messages/framing.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/worker/worker.h"
#include "toy_run.h"

namespace rind::worker {
namespace {

/// A worker on a thread; the end of the conversation hangs up on it.
class Conversation {
 public:
  explicit Conversation(WorkerSetup setup) : setup_(std::move(setup)) {
    EXPECT_EQ(::pipe(to_.data()) + ::pipe(from_.data()), 0);
    setup_.input = to_[0];
    setup_.output = from_[1];
    thread_ = std::thread([this] {
      serve(setup_);
      ::close(from_[1]);
    });
  }
  ~Conversation() {
    ::close(to_[1]);
    while (next()) {
    }
    thread_.join();
    ::close(to_[0]);
    ::close(from_[0]);
  }

  void say(std::int64_t id, const messages::Command& command) {
    const auto bytes = messages::encode({messages::toJson(messages::NumberedCommand{id, command}), ""});
    EXPECT_EQ(::write(to_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }

  /// Nothing once the worker has ended.
  std::optional<nlohmann::json> next() {
    while (true) {
      if (auto message = decoder_.next()) return std::get<messages::Message>(*message).body;
      std::array<char, 4096> bytes = {};
      const ssize_t got = ::read(from_[0], bytes.data(), bytes.size());
      if (got <= 0) return std::nullopt;
      decoder_.feed({bytes.data(), static_cast<std::size_t>(got)});
    }
  }
  messages::Reply nextReply() {
    while (const auto body = next())
      if (const auto reply = messages::parseReply(*body)) return *reply;
    ADD_FAILURE() << "the worker ended first";
    return {};
  }

 private:
  WorkerSetup setup_;
  std::array<int, 2> to_ = {}, from_ = {};
  messages::Decoder decoder_;
  std::thread thread_;
};

WorkerSetup toyWorker() {
  WorkerSetup setup;
  setup.open = [](const core::RunConfig&, const training::OpeningWatch&) { return training::toyData(); };
  setup.open_case = [](const core::RunConfig&, const std::string&) {
    const auto data = training::toyData();
    return OpenedCase{data.training->open(0), data.labels, data.channels};
  };
  return setup;
}

/// The device that the training says it runs on.
std::string deviceOf(Conversation& worker) {
  while (const auto body = worker.next())
    if (const auto event = messages::parseEvent(*body)) {
      if (const auto* ended = std::get_if<messages::Ended>(&*event)) return ended->text;
      const auto* state = std::get_if<messages::State>(&*event);
      if (state != nullptr && state->state == "running") return state->text;
    }
  return "the worker ended first";
}

}  // namespace

TEST(WorkerThreads, ExportsWaitForOneAnotherAndNothingElseWaitsForThem) {
  std::promise<void> release;
  const auto gate = release.get_future().share();
  WorkerSetup setup = toyWorker();
  setup.export_model = [gate](const auto& run, const auto&, const auto&) {
    if (run == "first") gate.wait();
    return std::string();
  };
  Conversation worker(std::move(setup));
  worker.say(1, messages::Export{"first", "torchscript", "a.pt"});
  worker.say(2, messages::Export{"second", "torchscript", "b.pt"});
  worker.say(3, messages::Hello{});
  EXPECT_EQ(worker.nextReply().id, 3) << "while the first export runs and the second waits";
  release.set_value();
  for (const std::int64_t id : {1, 2}) {
    const auto reply = worker.nextReply();
    EXPECT_EQ(reply.id, id);
    EXPECT_TRUE(reply.ok) << reply.error;
  }
}

TEST(WorkerThreads, ExportsThatWaitAreDoneBeforeTheWorkerEnds) {
  std::promise<void> release;
  const auto gate = release.get_future().share();
  WorkerSetup setup = toyWorker();
  setup.export_model = [gate](const auto&, const auto&, const auto&) {
    gate.wait();
    return std::string();
  };
  Conversation worker(std::move(setup));
  for (const std::int64_t id : {1, 2, 3}) worker.say(id, messages::Export{"run", "torchscript", "a.pt"});
  worker.say(4, messages::Shutdown{});
  EXPECT_EQ(worker.nextReply().id, 4);
  release.set_value();
  for (const std::int64_t id : {1, 2, 3}) EXPECT_EQ(worker.nextReply().id, id);
}

TEST(GpuWorker, TrainsOnTheGpuAfterAnUntrainedNetworkWasLookedAt) {
  if (!training::testDevice().starts_with("cuda")) GTEST_SKIP() << "only tools/gpu-check asks for a GPU";
  const test_support::TemporaryFolder folder;
  const nlohmann::json settings = {{"data", "toy"},       {"base-channels", 2}, {"epochs", 500},
                                   {"iterations", 1},     {"threads", 1},       {"device", "auto"},
                                   {"precision", "fp32"}, {"patch", "16x16x16"}};
  Conversation worker(toyWorker());
  worker.say(1, messages::Probe{settings, "toy_0", "", {6, 7, 8}});
  EXPECT_TRUE(worker.nextReply().ok);
  worker.say(2, messages::Start{settings, (folder / "run").string(), false});
  EXPECT_EQ(deviceOf(worker), "GPU 0, fp32");
}

}  // namespace rind::worker
