#include "rind/models/run_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "rind/core/error.h"
#include "rind/models/decimate.h"
#include "rind/models/run_folder.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::models {
namespace {

messages::Step stepOf(std::int64_t step, double loss) {
  messages::Step event;
  event.at = {step, 1, 100};
  event.loss = loss;
  event.terms = {{"dice", loss / 2}, {"cross entropy", loss / 2}};
  return event;
}

messages::Started startedOf(std::int64_t resumed_from) {
  messages::Started event;
  event.epochs = 10;
  event.steps_per_epoch = 4;
  event.resumed_from = resumed_from;
  return event;
}

TEST(RunModel, AResumedRunRepeatsWhatCameAfterItsCheckpoint) {
  RunModel run;
  run.apply(startedOf(0));
  for (int i = 1; i <= 6; ++i) run.apply(stepOf(i, 1.0 / i));
  run.apply(startedOf(4));
  EXPECT_EQ(run.steps(), (std::vector<double>{1, 2, 3, 4}));
  run.apply(stepOf(5, 0.5));
  EXPECT_EQ(run.steps().back(), 5);
  EXPECT_EQ(run.losses().at("total").size(), 5u);
  EXPECT_EQ(run.losses().at("dice").back(), 0.25);
}

TEST(RunModel, PatchesASecondAreThoseOfTheStepOrOfTheSettings) {
  RunModel run;
  auto started = startedOf(0);
  started.config = {{"batch", 3}, {"accumulate", 2}};
  run.apply(started);
  auto step = stepOf(1, 1);
  step.seconds = 0.5;
  run.apply(step);  // as it was written before steps said it
  step = stepOf(2, 1);
  step.seconds = 0.5;
  step.patches = 4;
  run.apply(step);
  run.apply(stepOf(3, 1));
  ASSERT_EQ(run.patchRates().size(), 3u);
  EXPECT_DOUBLE_EQ(run.patchRates()[0], 12);
  EXPECT_DOUBLE_EQ(run.patchRates()[1], 8);
  EXPECT_TRUE(std::isnan(run.patchRates()[2])) << "how long it took is not known";
  run.apply(startedOf(1));
  EXPECT_EQ(run.patchRates().size(), 1u);
}

TEST(RunModel, ChangesOfParametersAreMarkersWithTheirStep) {
  RunModel run;
  run.apply(messages::Parameters{{12, 2, 0}, {{"lambda", 0.7}, {"include-background", true}}});
  ASSERT_EQ(run.markers().size(), 1u);
  EXPECT_EQ(run.markers()[0].step, 12);
  EXPECT_EQ(run.markers()[0].text.toStdString(), "background on, λ 0.7");
}

TEST(RunModel, CanResumeOnlyWithACheckpoint) {
  RunModel run;
  run.apply(startedOf(0));
  run.setState("crashed");
  EXPECT_FALSE(run.canResume());
  run.apply(messages::Checkpoint{{4, 1, 0}, "checkpoints/last.pt"});
  EXPECT_TRUE(run.canResume());
  run.setState("finished");
  EXPECT_FALSE(run.canResume());
}

TEST(RunModel, KnowsHowLongItWillTake) {
  RunModel run;
  run.apply(startedOf(0));
  for (int i = 1; i <= 4; ++i) run.apply(stepOf(i, 1));
  messages::Epoch epoch;
  epoch.at = {4, 1, 0};
  epoch.seconds = 60;
  epoch.mean_dsc = 0.5;
  run.apply(epoch);
  EXPECT_DOUBLE_EQ(run.progress(), 0.1);
  EXPECT_NEAR(run.secondsLeft(), 540, 1e-9);
  EXPECT_EQ(describeSeconds(540).toStdString(), "9 min");
  EXPECT_EQ(describeSeconds(3840).toStdString(), "1 h 04 min");
}

TEST(RunFolder, LeavesOutBrokenLinesAndTellsHowMany) {
  const test_support::TemporaryFolder folder;
  std::ofstream(folder / "run.json") << R"({"config": {"lambda": 0.3, "from-the-future": 1},
    "model": {"labels": [{"value": 0, "name": "background", "colour": [0, 0, 0]},
                         {"value": 7, "name": "liver", "colour": [1, 2, 3]}]}})";
  std::ofstream events(folder / "events.jsonl");
  events << messages::toJson(startedOf(0)).dump() << "\n"
         << "{\"event\": \"step\", \"step\": 3, \"lo\n"
         << messages::toJson(stepOf(1, 0.5)).dump() << "\n"
         << messages::toJson(messages::Parameters{{1, 1, 0}, {{"alpha", 4.0}}}).dump() << "\n"
         << "{\"event\": \"ste";
  events.close();
  ASSERT_TRUE(isRunFolder(folder.path()));
  const auto run = readRunFolder(folder.path());
  EXPECT_DOUBLE_EQ(run.config.loss.lambda, 0.3);
  ASSERT_EQ(run.labels.size(), 2u);
  EXPECT_EQ(run.labels[1].name, "liver");
  EXPECT_DOUBLE_EQ(run.config.loss.alpha, 4) << "what was changed while it ran holds on";
  EXPECT_EQ(run.events.size(), 3u);
  EXPECT_EQ(run.broken_lines, 1u) << "a last line that was not written to its end is no damage";
  EXPECT_FALSE(run.has_checkpoint);
}

TEST(RunFolder, ABrokenRunFileIsASentence) {
  const test_support::TemporaryFolder folder;
  std::ofstream(folder / "run.json") << "{";
  EXPECT_THROW(readRunFolder(folder.path()), core::InputError);
}

TEST(Decimate, AMillionPointsKeepTheirExtremes) {
  std::vector<double> x(1000000);
  std::vector<double> y(x.size(), 1.0);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  y[123456] = 9;
  y[654321] = -4;
  y[5] = std::nan("");
  const auto points = decimate(x, y, 600);
  EXPECT_LE(points.size(), 1200u);
  const auto has = [&](double at, double value) {
    return std::any_of(points.begin(), points.end(), [&](auto p) { return p.x == at && p.y == value; });
  };
  EXPECT_TRUE(has(123456, 9));
  EXPECT_TRUE(has(654321, -4));
  EXPECT_TRUE(std::is_sorted(points.begin(), points.end(), [](auto a, auto b) { return a.x < b.x; }));
}

TEST(ScoreFile, ReadsWhatTheEngineWritesAndCountsWhatIsBroken) {
  const test_support::TemporaryFolder folder;
  std::ofstream(folder / "scores.csv") << "case,class,name,tp,fp,fn,dsc,nsd_1mm,hd95_mm,assd_mm,surface\n"
                                          "a,1,\"left, \"\"upper\"\"\",5,0,5,0.5,0.25,4,1,surfel\n"
                                          "b,1,\"left, \"\"upper\"\"\",0,3,5,0,0,inf,inf,surfel\n"
                                          "b,2,spleen,0,0,0,,,,,surfel\n"
                                          "b,tw";
  const auto file = readScoreFile(folder / "scores.csv");
  ASSERT_EQ(file.scores.size(), 3u);
  EXPECT_EQ(file.broken_lines, 1u);
  EXPECT_EQ(file.scores[0].name, "left, \"upper\"");
  const auto means = meansOf(file.scores, 1);
  EXPECT_DOUBLE_EQ(means.dsc, 0.25);
  EXPECT_DOUBLE_EQ(means.hd95, 4) << "of the finite ones";
  EXPECT_EQ(means.failures, 1);
  EXPECT_TRUE(std::isnan(meansOf(file.scores, 2).dsc)) << "absent is not failed";
  EXPECT_TRUE(readScoreFile(folder / "none.csv").scores.empty());
}

}  // namespace
}  // namespace rind::models
