#include "rind/models/comparison.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <map>

#include "rind/core/atomic_file.h"
#include "rind/core/settings.h"
#include "rind/messages/events.h"
#include "rind/models/run_list.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::models {
namespace {

// The values are those of scipy.stats.wilcoxon 1.17.1.

TEST(SignedRank, EqualsScipysExactTest) {
  const auto test = signedRankTest({0.02, 0.013, -0.004, 0.031, 0.007, -0.011, 0.025, 0.001});
  EXPECT_TRUE(test.exact);
  EXPECT_EQ(test.pairs, 8);
  EXPECT_DOUBLE_EQ(test.statistic, 6);
  EXPECT_DOUBLE_EQ(test.p, 0.109375);
}

TEST(SignedRank, TiesAreExactTooAndZerosAreLeftOut) {
  const auto test = signedRankTest({1, 1, 2, -1, 3, 3, -2, 0, 4, 0, std::nan("")});
  EXPECT_EQ(test.pairs, 8);
  EXPECT_DOUBLE_EQ(test.statistic, 6.5);
  EXPECT_DOUBLE_EQ(test.p, 0.140625);
}

TEST(SignedRank, ManyPairsByTheNormalDistributionWithTies) {
  std::vector<double> few_ties;
  for (int i = 0; i < 60; ++i) few_ties.push_back((i * 37 % 61 - 25) / 10.0);
  auto test = signedRankTest(few_ties);
  EXPECT_FALSE(test.exact);
  EXPECT_DOUBLE_EQ(test.statistic, 612);
  EXPECT_NEAR(test.p, 0.0393246482200441, 1e-12);
  std::vector<double> many_ties;
  for (int i = 0; i < 80; ++i) many_ties.push_back(i * 7 % 13 - 4);
  test = signedRankTest(many_ties);
  EXPECT_DOUBLE_EQ(test.statistic, 644);
  EXPECT_NEAR(test.p, 5.921603835683553e-05, 1e-15);
}

TEST(SignedRank, NothingThatDiffersProvesNothing) {
  EXPECT_DOUBLE_EQ(signedRankTest({}).p, 1);
  EXPECT_DOUBLE_EQ(signedRankTest({0, 0}).p, 1);
}

TEST(Comparison, CasesAreAveragedOverTheClassesThatBothRunsScored) {
  const std::vector<CaseScore> first = {{"a", 1, "liver", 0.8}, {"a", 2, "spleen", std::nan("")}};
  const std::vector<CaseScore> second = {
      {"a", 1, "liver", 0.9}, {"a", 2, "spleen", 0.1}, {"b", 1, "liver", 0.5}};
  const auto cases = compareCases({first, second}, 0, ScoreKind::dsc);
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[0].case_id, "a");
  EXPECT_DOUBLE_EQ(cases[0].values[0], 0.8);
  EXPECT_DOUBLE_EQ(cases[0].values[1], 0.9);
  EXPECT_TRUE(std::isnan(cases[1].values[0]));
  const auto difference = pairedDifference(cases, 0, 1);
  EXPECT_EQ(difference.cases, 1);
  EXPECT_EQ(difference.higher, 1);
  EXPECT_NEAR(difference.mean, 0.1, 1e-12);
  EXPECT_DOUBLE_EQ(compareCases({first, second}, 2, ScoreKind::dsc)[0].values[1], 0.1);
}

TEST(Comparison, OnlySettingsThatDifferAreListed) {
  core::RunConfig one;
  core::RunConfig other;
  EXPECT_TRUE(settingsThatDiffer({one, other}).empty());
  other.loss.lambda = 0.75;
  const auto different = settingsThatDiffer({one, other});
  ASSERT_EQ(different.size(), 1u);
  EXPECT_EQ(different[0].key, "lambda");
  EXPECT_EQ(different[0].values, (std::vector<std::string>{"0.5", "0.75"}));
  const core::RunConfig automatic;
  core::RunConfig given;
  core::applySettings(given, {{"patch", "32x32x32"}});
  EXPECT_EQ(settingsThatDiffer({automatic, given})[0].values,
            (std::vector<std::string>{"automatic", "32x32x32"}));
}

void writeRun(const std::filesystem::path& folder, const std::vector<messages::Event>& events,
              const std::string& owner) {
  std::filesystem::create_directories(folder);
  core::writeFileWhole(folder / "run.json", nlohmann::json{{"config", core::RunConfig{}}}.dump());
  std::string lines;
  for (const auto& event : events) lines += messages::toJson(event).dump() + "\n";
  core::writeFileWhole(folder / "events.jsonl", lines);
  core::writeFileWhole(folder / "lock", owner);
}

std::string hereAs(long process) {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  return std::string(host) + ", process " + std::to_string(process);
}

int heldLock(const std::filesystem::path& run) {
  const int lock = ::open((run / "lock").c_str(), O_RDWR);
  EXPECT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  return lock;
}

TEST(RunList, SaysWhatBecameOfEachRun) {
  const test_support::TemporaryFolder parent;
  messages::Started started{{0, 0, 10}};
  started.epochs = 7;
  messages::Epoch epoch{{4, 1, 20}};
  epoch.mean_dsc = 0.5;
  messages::Ended ended{{4, 1, 30}};
  ended.reason = "stopped";
  const std::string here = hereAs(1);
  writeRun(parent / "broken-off", {started, epoch}, here);
  writeRun(parent / "stopped", {started, epoch, ended}, here);
  writeRun(parent / "trained", {started, ended, started, epoch}, here);
  writeRun(parent / "elsewhere", {started}, "gpu-host, process 7");
  std::filesystem::create_directories(parent / "no-run");
  std::filesystem::create_directories(parent / "broken");
  core::writeFileWhole(parent / "broken" / "run.json", "{");
  const int lock = heldLock(parent / "trained");
  std::map<std::string, RunLine> runs;
  for (const auto& line : listRuns(parent.path())) runs[line.name] = line;
  ::close(lock);
  ASSERT_EQ(runs.size(), 5u);
  EXPECT_EQ(runs["broken-off"].standing.state, "crashed");
  EXPECT_EQ(runs["stopped"].standing.state, "stopped");
  EXPECT_EQ(runs["trained"].standing.state, "running") << "whoever trains it holds its lock";
  EXPECT_EQ(runs["elsewhere"].standing.state, "elsewhere");
  EXPECT_EQ(runs["broken"].standing.state, "unreadable");
  EXPECT_FALSE(runs["broken"].problem.empty());
  EXPECT_EQ(runs["stopped"].epochs, 1);
  EXPECT_EQ(runs["stopped"].planned, 7);
  EXPECT_DOUBLE_EQ(runs["stopped"].best_dsc, 0.5);
  EXPECT_TRUE(listRuns(parent / "nowhere").empty());
}

TEST(RunList, APausedRunIsToldFromOneThatGoesOnAndOneOfAnotherMachine) {
  const test_support::TemporaryFolder parent;
  const messages::Started started{{0, 0, 10}};
  const messages::State paused{{4, 1, 20}, "paused", ""};
  const messages::State running{{4, 1, 30}, "running", ""};
  writeRun(parent / "paused", {started, running, paused}, hereAs(4711));
  writeRun(parent / "resumed", {started, paused, running}, hereAs(4711));
  writeRun(parent / "taken up again", {started, paused, started}, hereAs(4711));
  writeRun(parent / "broke off in a pause", {started, paused}, hereAs(4711));
  writeRun(parent / "elsewhere", {started, running}, "gpu-host, process 7");
  writeRun(parent / "paused elsewhere", {started, paused}, "gpu-host, process 7");
  std::vector<int> locks;
  for (const char* name : {"paused", "resumed", "taken up again"}) locks.push_back(heldLock(parent / name));
  std::map<std::string, RunLine> runs;
  for (const auto& line : listRuns(parent.path())) runs[line.name] = line;
  for (const int lock : locks) ::close(lock);
  const auto textOf = [&](const char* name) { return wordOf(runs[name].standing).toStdString(); };
  const auto tipOf = [&](const char* name) {
    return explanationOf(runs[name].standing, runs[name].time).toStdString();
  };
  EXPECT_EQ(runs["paused"].standing.state, "paused");
  EXPECT_EQ(runs["resumed"].standing.state, "running");
  EXPECT_EQ(runs["taken up again"].standing.state, "running");
  EXPECT_EQ(runs["broke off in a pause"].standing.state, "crashed");
  EXPECT_EQ(textOf("paused"), "❚❚ paused");
  EXPECT_NE(tipOf("paused").find("Process 4711"), std::string::npos) << tipOf("paused");
  EXPECT_EQ(textOf("elsewhere"), "on gpu-host");
  EXPECT_EQ(textOf("paused elsewhere"), "❚❚ on gpu-host");
  EXPECT_NE(tipOf("paused elsewhere").find("it was paused"), std::string::npos) << tipOf("paused elsewhere");
  EXPECT_EQ(tipOf("elsewhere").find("it was paused"), std::string::npos) << tipOf("elsewhere");
}

TEST(RunList, ARunThatWaitsForRoomOnTheDiskIsPausedAndSaysWhy) {
  const test_support::TemporaryFolder parent;
  const std::string owner = hereAs(4711) + "\n";
  const std::string why = "waiting for room on the disk: No space left on device";
  writeRun(parent / "waits", {messages::Started{{0, 0, 10}}}, owner + why + "    \n");
  writeRun(parent / "goes on", {messages::Started{{0, 0, 10}}}, owner + "        \n");
  writeRun(parent / "left so", {messages::Started{{0, 0, 10}}}, owner + why + "    \n");
  const int locks[] = {heldLock(parent / "waits"), heldLock(parent / "goes on")};
  std::map<std::string, RunStanding> runs;
  for (const auto& line : listRuns(parent.path())) runs[line.name] = line.standing;
  for (const int lock : locks) ::close(lock);
  EXPECT_EQ(runs["waits"].state, "paused");
  EXPECT_TRUE(explanationOf(runs["waits"], 0).contains(QString::fromStdString(why)))
      << explanationOf(runs["waits"], 0).toStdString();
  EXPECT_EQ(runs["goes on"].state, "running");
  EXPECT_EQ(runs["left so"].state, "crashed") << "who wrote that is gone";
}

TEST(RunList, ARunWhoseShellHasSuspendedItIsPaused) {
  const test_support::TemporaryFolder parent;
  const pid_t trainer = ::fork();
  ASSERT_GE(trainer, 0);
  if (trainer == 0) {
    ::raise(SIGSTOP);
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(trainer, &status, WUNTRACED), trainer);
  ASSERT_TRUE(WIFSTOPPED(status));
  writeRun(parent / "run", {messages::Started{{0, 0, 10}}}, hereAs(trainer));
  const int lock = heldLock(parent / "run");
  const auto suspended = describeRun(parent / "run").standing;
  ::kill(trainer, SIGCONT);
  ASSERT_EQ(::waitpid(trainer, &status, 0), trainer);
  const auto after = describeRun(parent / "run").standing;
  ::close(lock);
  EXPECT_EQ(suspended.state, "paused");
  EXPECT_NE(explanationOf(suspended, 10).toStdString().find("Ctrl+Z"), std::string::npos);
  EXPECT_EQ(after.state, "running");
}

}  // namespace
}  // namespace rind::models
