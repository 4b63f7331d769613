// The settings on the left: recipes, advanced rows, and what a running training takes of them.
#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>
#include <QTranslator>
#include <QWheelEvent>

#include "rind/core/atomic_file.h"
#include "rind/models/setting_domain.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

void choose(QComboBox* box, const QString& value) {
  box->setCurrentIndex(box->findData(value));
  Q_EMIT box->activated(box->currentIndex());
}

TEST_F(Workbench, ARecipeSetsEverythingInOneStepAndUndoTakesItBack) {
  auto* recipe = window->findChild<QComboBox*>("recipe");
  ASSERT_NE(recipe, nullptr);
  EXPECT_EQ(recipe->currentIndex(), -1) << "one iteration and a batch of one are nobody's recipe";
  const core::RunConfig before = session->settings().config();
  choose(recipe, "recommended");
  EXPECT_EQ(window->findChild<QSpinBox*>("batch")->value(), 4);
  EXPECT_EQ(window->findChild<QComboBox*>("loss")->currentData().toString(), "cedl");
  EXPECT_EQ(window->findChild<QComboBox*>("schedule")->currentData().toString(), "cosine");
  EXPECT_EQ(session->settings().config().epochs, before.epochs) << "how long is not the recipe's";
  choose(recipe, "authors");
  EXPECT_DOUBLE_EQ(window->findChild<QDoubleSpinBox*>("weight-decay")->value(), 5e-4);
  EXPECT_EQ(window->findChild<QComboBox*>("loss")->currentData().toString(), "cwcd");
  action("undo")->trigger();
  EXPECT_EQ(recipe->currentData().toString(), "recommended") << "the menu says which one it is";
  action("undo")->trigger();
  EXPECT_EQ(session->settings().config(), before);
  EXPECT_EQ(recipe->currentIndex(), -1);
}

TEST_F(Workbench, TheWheelOverASettingChangesNothing) {
  const core::RunConfig before = session->settings().config();
  for (const char* name : {"network", "loss", "border", "batch", "lambda", "lambda.slider", "recipe"}) {
    auto* control = window->findChild<QWidget*>(name);
    ASSERT_NE(control, nullptr) << name;
    const QPointF centre = control->rect().center();
    QWheelEvent wheel(centre, control->mapToGlobal(centre), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(control, &wheel);
    EXPECT_EQ(session->settings().config(), before) << name;
  }
}

TEST_F(Workbench, ValuesBeyondWhatTheScreenOffersAreShownAsTheyAre) {
  core::RunConfig config = session->settings().config();
  config.base_channels = 128;
  config.contour.iterations = 40;
  config.loss.alpha = 2.25;
  config.device = "cuda:1";
  config.seed = 123456789;
  session->settings().setConfig(config);
  EXPECT_EQ(window->findChild<QSpinBox*>("base-channels")->value(), 128);
  EXPECT_EQ(window->findChild<QSpinBox*>("iterations")->value(), 40);
  EXPECT_EQ(window->findChild<QDoubleSpinBox*>("alpha")->text(), "2.25");
  EXPECT_EQ(window->findChild<QComboBox*>("device")->currentText(), "cuda:1");
  EXPECT_EQ(window->findChild<QSpinBox*>("seed")->value(), 123456789);
  EXPECT_EQ(session->settings().config(), config) << "looking changes nothing";
}

TEST_F(Workbench, UndoTakesBackANumberThatWasJustTyped) {
  auto* batch = window->findChild<QSpinBox*>("batch");
  const int before = batch->value();
  window->activateWindow();
  batch->setFocus();
  ASSERT_TRUE(waitFor([&] { return batch->hasFocus(); }));
  batch->selectAll();
  QTest::keyClicks(batch, "7");
  QTest::keyClick(batch, Qt::Key_Return);
  ASSERT_EQ(session->settings().config().batch, 7);
  QTest::keyClick(batch->findChild<QLineEdit*>(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(session->settings().config().batch, before);
  EXPECT_EQ(batch->value(), before);
}

// A language in which every text of a setting stands in brackets.
class Bracketing : public QTranslator {
 public:
  bool isEmpty() const override { return false; }
  QString translate(const char* context, const char* source, const char*, int) const override {
    return qstrcmp(context, "Setting") == 0 ? QStringLiteral("[%1]").arg(QString::fromUtf8(source))
                                            : QString();
  }
};

TEST_F(Workbench, LabelsTooltipsAndChoicesOfEverySettingAreTranslated) {
  Bracketing language;
  ASSERT_TRUE(QCoreApplication::installTranslator(&language));
  reopen();
  const auto bracketed = [](const QString& text) { return text.startsWith('[') && text.endsWith(']'); };
  auto* side = window->findChild<QWidget*>("sidePanel");
  for (const auto& domain : models::settingDomains()) {
    auto* control = side->findChild<QWidget*>(QString::fromStdString(domain.key));
    if (control == nullptr) {
      EXPECT_TRUE(domain.key == "w0" || domain.key == "sigma") << domain.key << " is nowhere on the screen";
      continue;
    }
    EXPECT_TRUE(bracketed(control->toolTip())) << domain.key;
    EXPECT_TRUE(bracketed(control->accessibleName())) << domain.key;
    if (const auto* menu = qobject_cast<QComboBox*>(control)) {
      for (int i = 0; i < menu->count(); ++i) EXPECT_TRUE(bracketed(menu->itemText(i))) << domain.key << i;
    }
    if (const auto* box = qobject_cast<QAbstractSpinBox*>(control)) {
      EXPECT_TRUE(domain.none.empty() || bracketed(box->specialValueText())) << domain.key;
    }
    if (const auto* toggle = qobject_cast<QAbstractButton*>(control)) {
      EXPECT_TRUE(bracketed(toggle->text())) << domain.key;
    }
  }
  int labels = 0;
  for (const auto* label : window->findChildren<QLabel*>())
    if (label->buddy() != nullptr && bracketed(label->text())) ++labels;
  EXPECT_GT(labels, 20);
  QCoreApplication::removeTranslator(&language);
}

TEST_F(Workbench, WhatARunningTrainingCannotTakeIsSaid) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("start")->trigger();
  ASSERT_TRUE(waitForState("running"));
  choose(window->findChild<QComboBox*>("recipe"), "recommended");
  auto* notice = window->findChild<QLabel*>("noticeText");
  ASSERT_TRUE(waitFor([&] { return notice->text().contains("Waits for the next run"); }));
  const QString waits = notice->text().section("Taken at its next step", 0, 0);
  const QString taken = notice->text().section("Taken at its next step", 1);
  for (const char* label : {"Batch", "Schedule", "Patch"})
    EXPECT_TRUE(waits.contains(label)) << notice->text().toStdString();
  for (const char* label : {"Loss", "Learning rate", "Iterations"})
    EXPECT_TRUE(taken.contains(label)) << notice->text().toStdString();
  EXPECT_FALSE(waits.contains("Loss"));
  ASSERT_TRUE(waitFor([&] { return !session->run().markers().empty(); })) << "the rest reaches it";
  EXPECT_TRUE(session->run().markers().front().text.contains("loss cedl"));

  action("stop")->trigger();
  ASSERT_TRUE(waitForState("stopped"));
  notice->clear();
  action("resume")->trigger();
  ASSERT_TRUE(waitFor([&] { return notice->text().contains("Waits for the next run: "); }))
      << "a resumed run keeps them too";
  action("undo")->trigger();
  ASSERT_TRUE(waitFor([&] { return notice->text().contains("nothing waits"); }))
      << notice->text().toStdString();
  action("stop")->trigger();
  ASSERT_TRUE(waitForState("stopped"));
}

TEST_F(Workbench, AdvancedRowsAreFoldedAndReachTheRun) {
  auto* fold = window->findChild<QToolButton*>("advancedFold");
  ASSERT_NE(fold, nullptr);
  auto* optimiser = window->findChild<QComboBox*>("optimiser");
  EXPECT_FALSE(optimiser->isVisible());
  fold->click();
  EXPECT_TRUE(optimiser->isVisible());
  EXPECT_EQ(fold->text(), "Advanced");
  auto* momentum = window->findChild<QDoubleSpinBox*>("momentum");
  EXPECT_FALSE(momentum->isEnabled()) << "Adam has none";
  choose(optimiser, "sgd");
  EXPECT_TRUE(momentum->isEnabled());
  auto* warm_up = window->findChild<QDoubleSpinBox*>("warm-up");
  EXPECT_EQ(warm_up->text(), "by schedule");
  EXPECT_FALSE(session->settings().config().warm_up);
  warm_up->setValue(0);
  EXPECT_EQ(session->settings().config().warm_up, std::optional(0.0)) << "none is not nothing given";
  warm_up->setValue(0.25);
  momentum->setValue(0.9);
  window->findChild<QDoubleSpinBox*>("weight-decay")->setValue(0.001);
  window->findChild<QDoubleSpinBox*>("average")->setValue(0.9);
  window->findChild<QSpinBox*>("accumulate")->setValue(2);
  window->findChild<QDoubleSpinBox*>("clip")->setValue(1.5);
  auto* patience = window->findChild<QSpinBox*>("patience");
  EXPECT_EQ(patience->text(), "never");
  patience->setValue(5);
  window->findChild<QDoubleSpinBox*>("foreground")->setValue(0.75);
  window->findChild<QDoubleSpinBox*>("scale")->setValue(0.4);
  window->findChild<QDoubleSpinBox*>("intensity")->setValue(0.35);
  EXPECT_EQ(fold->text(), "Advanced · 11 changed");

  ASSERT_TRUE(loadData());
  action("start")->trigger();
  ASSERT_TRUE(waitForState("finished"));
  const auto run = nlohmann::json::parse(core::readFile(session->runFolder() / "run.json"))["config"];
  const nlohmann::json wanted = {{"optimiser", "sgd"}, {"momentum", 0.9},  {"weight-decay", 0.001},
                                 {"average", 0.9},     {"accumulate", 2},  {"clip", 1.5},
                                 {"warm-up", 0.25},    {"patience", 5},    {"foreground", 0.75},
                                 {"scale", 0.4},       {"intensity", 0.35}};
  for (const auto& [key, value] : wanted.items()) EXPECT_EQ(run[key], value) << key;
  warm_up->setValue(warm_up->minimum());
  EXPECT_FALSE(session->settings().config().warm_up);
}

}  // namespace
}  // namespace rind::workbench
