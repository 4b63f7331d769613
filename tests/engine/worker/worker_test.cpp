#include "rind/worker/worker.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/random.h"
#include "rind/messages/commands.h"
#include "rind/messages/probe_reply.h"
#include "rind/test_support/temporary_folder.h"
#include "toy_run.h"

namespace rind::worker {
namespace {

using nlohmann::json;

/// A worker on a thread, spoken to through two pipes.
class Peer {
 public:
  Peer() {
    EXPECT_EQ(::pipe(to_.data()), 0);
    EXPECT_EQ(::pipe(from_.data()), 0);
    setup_.input = to_[0];
    setup_.output = from_[1];
    setup_.open = [](const core::RunConfig&, const training::OpeningWatch&) { return training::toyData(); };
    setup_.open_case = [](const core::RunConfig&, const std::string& id) {
      if (id != "toy_0") throw core::InputError(id, "is no case of the toy data", "use toy_0");
      const auto data = training::toyData();
      return OpenedCase{data.training->open(0), data.labels, data.channels};
    };
    setup_.export_model = [](const auto&, const auto&, const std::filesystem::path& path) {
      core::writeFileWhole(path, "model");
      return std::string("best.weights is missing");
    };
    thread_ = std::thread([this] {
      serve(setup_);
      ::close(from_[1]);
    });
  }
  ~Peer() {
    hangUp();
    while (next()) {
    }
    thread_.join();
    ::close(from_[0]);
    ::close(to_[0]);
  }

  void write(const std::string& bytes) {
    EXPECT_EQ(::write(to_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  void command(std::int64_t id, const messages::Command& command) {
    write(messages::encode({messages::toJson(messages::NumberedCommand{id, command}), ""}));
  }
  void hangUp() {
    if (to_[1] >= 0) ::close(to_[1]);
    to_[1] = -1;
  }

  /// The next message, or nothing when the worker has ended.
  std::optional<messages::Message> next() {
    while (true) {
      if (auto message = decoder_.next()) return std::get<messages::Message>(*message);
      std::array<char, 4096> bytes = {};
      const ssize_t got = ::read(from_[0], bytes.data(), bytes.size());
      if (got <= 0) return std::nullopt;
      decoder_.feed({bytes.data(), static_cast<std::size_t>(got)});
    }
  }
  messages::Reply reply(std::int64_t id) {
    while (auto message = next())
      if (auto answer = messages::parseReply(message->body); answer && answer->id == id) {
        answer->payload = message->payload;
        return *answer;
      }
    ADD_FAILURE() << "the worker ended without a reply to " << id;
    return {};
  }
  /// Reads on until an event of type T comes.
  template <class T>
  T event() {
    while (auto message = next())
      if (const auto parsed = messages::parseEvent(message->body))
        if (const auto* wanted = std::get_if<T>(&*parsed)) return *wanted;
    ADD_FAILURE() << "the worker ended first";
    return {};
  }

 private:
  std::array<int, 2> to_ = {};
  std::array<int, 2> from_ = {};
  WorkerSetup setup_;
  messages::Decoder decoder_;
  std::thread thread_;
};

json toySettings() {
  return {{"data", "toy"}, {"base-channels", 2},  {"epochs", 2},
          {"lr", 0.01},    {"iterations", 1},     {"patch", "16x16x16"},
          {"threads", 1},  {"precision", "fp32"}, {"device", training::testDevice()}};
}

}  // namespace

TEST(Worker, TrainsTakesChangesExportsAndEnds) {
  const test_support::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  Peer peer;
  peer.command(1, messages::Hello{});
  EXPECT_EQ(peer.reply(1).result["version"], messages::kProtocolVersion);
  peer.command(2, messages::Start{toySettings(), run, false});
  EXPECT_TRUE(peer.reply(2).ok);
  peer.command(3, messages::Set{{{"lambda", 0.25}}});
  EXPECT_TRUE(peer.reply(3).ok);
  EXPECT_EQ(peer.event<messages::Parameters>().changes["lambda"], 0.25);
  EXPECT_EQ(peer.event<messages::Ended>().reason, "finished");
  peer.command(4, messages::Export{run, "torchscript", (folder / "model.pt").string()});
  const auto exported = peer.reply(4);
  EXPECT_TRUE(exported.ok);
  EXPECT_EQ(exported.result.value("warning", ""), "best.weights is missing");
  EXPECT_TRUE(std::filesystem::exists(folder / "model.pt"));
}

TEST(Worker, ProbesAnUntrainedNetworkThenTheTrainingThenItsBest) {
  const test_support::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  auto settings = toySettings();
  settings["epochs"] = 500;
  Peer peer;
  messages::Probe probe{settings, "toy_0", "", {6, 7, 8}};
  peer.command(1, probe);
  const auto untrained = peer.reply(1);
  ASSERT_TRUE(untrained.ok) << untrained.error;
  const auto before = messages::parseProbeReply(untrained.result);
  EXPECT_EQ(before.weights, "untrained");
  EXPECT_EQ(before.size, (core::Extent3{12, 14, 16})) << "the window holds the case";
  ASSERT_EQ(before.losses.size(), 8u);
  EXPECT_EQ(before.heat_loss, "cwcd");

  peer.command(2, messages::Start{settings, run, false});
  EXPECT_TRUE(peer.reply(2).ok);
  peer.event<messages::Checkpoint>();
  probe.run = run;
  peer.command(3, probe);
  const auto training = messages::parseProbeReply(peer.reply(3).result);
  EXPECT_EQ(training.weights, "training");
  EXPECT_GT(training.step, 0);
  EXPECT_LT(training.losses[0].value, before.losses[0].value) << "cross entropy falls as it learns";

  peer.command(4, messages::Pause{});
  EXPECT_TRUE(peer.reply(4).ok);
  peer.command(5, probe);
  EXPECT_TRUE(peer.reply(5).ok) << "a paused training answers too";

  probe.config["lambda"] = 0.9;
  probe.fresh = false;
  peer.command(6, probe);
  const auto moved = messages::parseProbeReply(peer.reply(6).result);
  const auto paused_step = moved.step;
  EXPECT_GE(paused_step, training.step);
  peer.command(7, messages::Stop{});
  EXPECT_TRUE(peer.reply(7).ok);
  peer.event<messages::Ended>();
  probe.fresh = true;
  peer.command(8, probe);
  EXPECT_EQ(messages::parseProbeReply(peer.reply(8).result).weights, "best");
}

TEST(Worker, AProbeOfACaseThatIsNotThereIsRefused) {
  Peer peer;
  peer.command(1, messages::Probe{toySettings(), "toy_99", "", {}});
  EXPECT_NE(peer.reply(1).error.find("toy_99"), std::string::npos);
  peer.command(2, messages::Probe{toySettings(), "toy_0", "/no/run/here", {}});
  EXPECT_NE(peer.reply(2).error.find("/no/run/here"), std::string::npos);
}

TEST(Worker, TakesTheNextFolderOfARowWhereThatIsWanted) {
  test_support::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "toy-01");
  core::writeFileWhole(folder / "toy-01" / "run.json", "{}");
  Peer peer;
  peer.command(1, messages::Start{toySettings(), (folder / "toy-01").string(), false, true});
  const auto reply = peer.reply(1);
  ASSERT_TRUE(reply.ok) << reply.error;
  EXPECT_EQ(reply.result.value("run", ""), (folder / "toy-02").string());
  EXPECT_EQ(peer.event<messages::Ended>().reason, "finished");
  EXPECT_TRUE(std::filesystem::exists(folder / "toy-02" / "run.json"));
}

TEST(Worker, RefusesWithASentenceAndGoesOn) {
  Peer peer;
  peer.command(1, messages::Pause{});
  EXPECT_NE(peer.reply(1).error.find("none is running"), std::string::npos);
  peer.command(2, messages::Start{{{"lambda", 3}}, "/nowhere", false});
  EXPECT_NE(peer.reply(2).error.find("--lambda"), std::string::npos);
  peer.write("{\"id\": 3, \"command\": \"dance\"}\n");
  EXPECT_NE(peer.reply(3).error.find("dance"), std::string::npos);
  peer.command(4, messages::Hello{});
  EXPECT_TRUE(peer.reply(4).ok);
}

TEST(Worker, SurvivesTenThousandMalformedMessages) {
  Peer peer;
  std::thread reader([&] { EXPECT_TRUE(peer.reply(99999).ok); });
  core::RandomStream random(5, core::Purpose::shuffle, 0, 0);
  const std::string alphabet = "{}[]\":,0e-payloadcommndi \xff\x01";
  for (int round = 0; round < 10000; ++round) {
    std::string line;
    for (int i = 0; i < 30; ++i) line += alphabet[random.below(alphabet.size())];
    peer.write(line + "\n");
  }
  peer.command(99999, messages::Hello{});
  reader.join();
}

TEST(Worker, SavesTheTrainingWhenTheDesktopHangsUp) {
  const test_support::TemporaryFolder folder;
  auto settings = toySettings();
  settings["epochs"] = 500;
  {
    Peer peer;
    peer.command(1, messages::Start{settings, (folder / "run").string(), false});
    peer.event<messages::Step>();
    peer.hangUp();
    EXPECT_EQ(peer.event<messages::Ended>().reason, "stopped");
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "run/checkpoints/last.checkpoint"));
  Peer again;
  again.command(1, messages::Start{{{"epochs", 1}}, (folder / "run").string(), true});
  EXPECT_GT(again.event<messages::Started>().resumed_from, 0);
}

}  // namespace rind::worker
