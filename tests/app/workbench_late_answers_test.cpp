// Answers that come late: of another case, of an epoch that was scrubbed past, of settings that have moved
// on.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QComboBox>
#include <QSignalSpy>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <algorithm>

#include "rind/core/nrrd.h"
#include "rind/panels/epoch_scrubber.h"
#include "rind/workbench/shown_prediction.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

namespace fs = std::filesystem;

/// The end of a pipe that is written to, -1 where nobody reads it.
int writerOf(const fs::path& pipe) {
  return ::open(pipe.c_str(), O_WRONLY | O_NONBLOCK);
}

/// Whether somebody waited for the pipe; he does not any more.
bool wasReleased(const fs::path& pipe) {
  const int end = writerOf(pipe);
  if (end >= 0) ::close(end);
  return end >= 0;
}

class LateAnswers : public Workbench {
 protected:
  models::CaseModel& shown() { return session->shownCase(); }
  const models::ProbeModel& probe() { return session->probes().model(); }

  /// The case on the screen as if another one.
  std::shared_ptr<const models::LoadedCase> anotherCase() {
    auto other = std::make_shared<models::LoadedCase>(shown().loaded());
    other->prepared.id = "another";
    return other;
  }

  void showTab(int tab) { window->findChild<QTabWidget*>("sideTabs")->setCurrentIndex(tab); }

  bool loadAndProbe() {
    return loadData() &&
           waitFor([&] { return probe().reply() && shown().heat() && session->probes().isIdle(); });
  }

  /// The newest of a run is its labels' own, of epoch 9.
  void takeNewest(ShownPrediction& prediction) {
    const auto& prepared = shown().loaded().prepared;
    prediction.take({{10, 9, 5}, prepared.id, "previews/epoch_0009.nrrd"},
                    core::compress(prepared.labels.data, static_cast<std::size_t>(prepared.size().voxels())),
                    folder.path());
  }
};

TEST_F(LateAnswers, APredictionOfTheCaseBeforeIsNotLaidOverTheNext) {
  ASSERT_TRUE(loadData());
  const auto first = shown().share();
  ShownPrediction prediction(shown());
  takeNewest(prediction);
  ASSERT_TRUE(prediction.isReading());
  shown().setCase(anotherCase());
  prediction.show();
  ASSERT_TRUE(waitFor([&] { return !prediction.isReading(); }));
  EXPECT_EQ(shown().prediction(), nullptr);
  shown().setCase(first);
  prediction.show();
  EXPECT_TRUE(waitFor([&] { return shown().prediction() != nullptr; }));
}

TEST_F(LateAnswers, AnEpochThatWasScrubbedPastIsNotRead) {
  ASSERT_TRUE(loadData());
  const auto previews = folder / "previews";
  fs::create_directories(previews);
  const fs::path first = previews / "epoch_0001.nrrd";
  const fs::path second = previews / "epoch_0002.nrrd";
  for (const auto& pipe : {first, second}) ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto& prepared = shown().loaded().prepared;
  core::writeLabelNrrd(previews / "epoch_0003.nrrd", prepared.geometry, prepared.labels);
  ShownPrediction prediction(shown());
  takeNewest(prediction);
  prediction.showEpoch(1);
  int begun = -1;
  ASSERT_TRUE(waitFor([&] {
    begun = writerOf(first);
    return begun >= 0;
  })) << "it is being read";
  prediction.showEpoch(2);
  prediction.showEpoch(3);
  ::close(begun);
  bool second_was_read = false;
  EXPECT_TRUE(waitFor([&] {
    second_was_read = second_was_read || wasReleased(second);
    return shown().prediction() && shown().prediction()->epoch == 3;
  }));
  EXPECT_FALSE(second_was_read);
}

TEST_F(LateAnswers, PlayingTheEpochsWaitsForEachOfThem) {
  models::RunModel run;
  panels::EpochScrubber scrubber(run);
  for (int number = 1; number <= 4; ++number) {
    messages::Epoch epoch{{10 * number, number, 5.0 * number}};
    run.apply(epoch);
  }
  auto* slider = scrubber.findChild<QSlider*>("epochScrubber");
  ASSERT_EQ(slider->value(), 4);
  scrubber.findChild<QToolButton*>("playEpochs")->click();
  EXPECT_EQ(slider->value(), 1);
  QTimer beat;
  beat.start(500);  // longer than a turn
  QSignalSpy beats(&beat, &QTimer::timeout);
  ASSERT_TRUE(waitFor([&] { return beats.count() == 2; }));
  EXPECT_EQ(slider->value(), 1) << "its prediction is not there yet";
  scrubber.setProblem({});
  EXPECT_TRUE(waitFor([&] { return slider->value() == 2; }));
}

TEST_F(LateAnswers, AHeatMapOfTheCaseBeforeIsNotLaidOverTheNext) {
  ASSERT_TRUE(loadAndProbe());
  session->settings().set("lambda", 0.9);
  ASSERT_TRUE(waitFor([&] { return probe().isBusy(); }));
  showTab(1);
  shown().setCase(anotherCase());
  ASSERT_TRUE(waitFor([&] { return !probe().isBusy(); }));
  EXPECT_EQ(shown().heat(), nullptr) << "nobody looks, so nothing would set it right";
  EXPECT_FALSE(probe().reply().has_value());
}

TEST_F(LateAnswers, WhatChangedWhileNobodyLookedIsAskedForWhenSomebodyDoes) {
  ASSERT_TRUE(loadAndProbe());
  showTab(1);
  ASSERT_TRUE(waitFor([&] { return session->probes().isIdle(); }));
  const auto before = shown().heat();
  session->settings().set("lambda", 0.95);
  EXPECT_TRUE(session->probes().isIdle()) << "nobody looks";
  window->findChild<QToolButton*>("layerHeat")->click();
  EXPECT_TRUE(waitFor([&] { return shown().heat() != before; }));
}

TEST_F(LateAnswers, AViewThatHasNothingToShowSaysWhatIsMissing) {
  showTab(1);
  ASSERT_TRUE(loadData());
  ASSERT_EQ(shown().heat(), nullptr) << "nobody looks";
  auto* view = window->views().renderWidget();
  auto* mode = window->findChild<QComboBox*>("sceneMode");
  const auto choose = [&](rendering::SceneMode one) {
    mode->setCurrentIndex(static_cast<int>(one));
    Q_EMIT mode->activated(static_cast<int>(one));
  };
  choose(rendering::SceneMode::gradient);
  EXPECT_TRUE(view->emptyText().contains("gradient")) << view->emptyText().toStdString();
  ASSERT_TRUE(waitFor([&] { return shown().heat() != nullptr; })) << "the mode looks";
  EXPECT_TRUE(view->emptyText().isEmpty()) << view->emptyText().toStdString();
  choose(rendering::SceneMode::distance);
  EXPECT_TRUE(view->emptyText().contains("no prediction")) << view->emptyText().toStdString();
  const auto predict = [&](core::LabelVolume labels) {
    const auto& loaded = shown().loaded();
    shown().setPrediction(std::make_shared<models::Prediction>(
        models::score(std::move(labels), loaded.prepared.labels, static_cast<int>(loaded.labels.size()), 1)));
  };
  core::LabelVolume labels(shown().loaded().prepared.size());
  predict(labels);
  EXPECT_TRUE(waitFor([&] { return view->emptyText().contains("no organ"); }));
  const auto& truth = shown().loaded().prepared.labels;
  std::copy(truth.data, truth.data + labels.voxels.size(), labels.voxels.begin());
  predict(labels);
  EXPECT_TRUE(waitFor([&] { return view->emptyText().isEmpty() && !window->views().surfaces()->isBusy(); }));
}

}  // namespace
}  // namespace rind::workbench
