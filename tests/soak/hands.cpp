#include "hands.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QPushButton>
#include <QSlider>
#include <QTabWidget>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <algorithm>
#include <iostream>

#include "rind/workbench/compare_window.h"
#include "rind/workbench/surface_desk.h"
#include "rind/workbench/theme.h"

namespace rind::soak {
namespace {

constexpr const char* kPhantom = "phantom:amos,cases=5,size=32x32x32";
constexpr int kPatience = 100000;  // ms; less than the watcher's
constexpr int kRunsKept = 3;

}  // namespace

/// What can be done; how often, in parts of all.
struct Actions {
  struct Row {
    const char* name;
    int weight;
    void (*act)(Hands& hands);
  };
  static const std::vector<Row>& table();
  enum Named { kOpening, kClosing };
};

const std::vector<Actions::Row>& Actions::table() {
  static const std::vector<Row> rows = {
      {"opening the window", 0, nullptr},
      {"closing the window", 0, nullptr},
      {"scrolling a slice", 6, [](Hands& h) { h.wheel(*h.window_->views().slice(h.below(3))); }},
      {"dragging in a slice", 4, [](Hands& h) { h.drag(*h.window_->views().slice(h.below(3))); }},
      {"pressing a slice's key", 3,
       [](Hands& h) {
         const auto& keys = panels::SliceView::keys();
         const auto key = keys[static_cast<std::size_t>(h.below(static_cast<int>(keys.size())))].key;
         QTest::keyClick(h.window_->views().slice(h.below(3)), key);
       }},
      {"turning the organs", 4, [](Hands& h) { h.drag(*h.window_->views().renderWidget()); }},
      {"zooming the organs", 2, [](Hands& h) { h.wheel(*h.window_->views().renderWidget()); }},
      {"moving a slider", 10,
       [](Hands& h) {
         if (auto* slider = h.anyUsable<QSlider>([](QSlider&) { return true; }))
           slider->setValue(slider->minimum() + h.below(slider->maximum() - slider->minimum() + 1));
       }},
      {"pressing a layer or switch", 6,
       [](Hands& h) {
         if (auto* button = h.anyUsable<QToolButton>([](QToolButton& b) { return b.isCheckable(); }))
           button->click();
       }},
      {"choosing in a list", 4,
       [](Hands& h) {
         const QStringList harmless = {"sceneMode", "cameraPreset", "imageChannel", "windowPreset", "loss"};
         auto* box = h.anyUsable<QComboBox>([&](QComboBox& b) { return harmless.contains(b.objectName()); });
         if (box != nullptr) QTest::keyClick(box, h.below(2) ? Qt::Key_Down : Qt::Key_Up);
       }},
      {"start", 3, [](Hands& h) { h.trigger("start"); }},
      {"pause", 2, [](Hands& h) { h.trigger("pause"); }},
      {"resume", 3, [](Hands& h) { h.trigger("resume"); }},
      {"stop", 1, [](Hands& h) { h.trigger("stop"); }},
      {"undo", 3, [](Hands& h) { h.trigger("undo"); }},
      {"redo", 2, [](Hands& h) { h.trigger("redo"); }},
      {"next case", 2, [](Hands& h) { h.trigger("nextCase"); }},
      {"previous case", 1, [](Hands& h) { h.trigger("previousCase"); }},
      {"keyboard sheet", 1, [](Hands& h) { h.trigger("keyboard"); }},
      {"checking the cases", 1, [](Hands& h) { h.window_->findChild<QPushButton*>("check")->click(); }},
      {"choosing an organ", 3,
       [](Hands& h) {
         auto* table = h.window_->findChild<QTableWidget*>("organTable");
         if (auto* item = table->item(h.below(table->rowCount()), 0); item != nullptr && h.below(2) == 0)
           item->setCheckState(item->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
         else
           table->selectRow(h.below(table->rowCount()));
       }},
      {"changing the tab", 2,
       [](Hands& h) {
         auto* tabs = h.window_->findChild<QTabWidget*>("sideTabs");
         tabs->setCurrentIndex(h.below(tabs->count()));
       }},
      {"changing the theme", 1,
       [](Hands& h) {
         workbench::applyTheme(*qobject_cast<QApplication*>(qApp), h.below(2) ? "dark" : "light");
       }},
      {"resizing the window", 2,
       [](Hands& h) { h.window_->resize(1000 + h.below(600), 640 + h.below(360)); }},
      {"maximising a view", 1, [](Hands& h) { h.window_->views().maximise(h.below(5) - 1); }},
      {"opening something else", 1, [](Hands& h) { h.openSomething(); }},
      {"comparing runs", 1, [](Hands& h) { h.compare(); }},
      {"taking a picture", 1, [](Hands& h) { h.window_->picture(); }},
      {"writing surfaces", 1, [](Hands& h) { h.writeSurfaces(); }},
  };
  return rows;
}

const char* nameOf(int action) {
  return Actions::table().at(static_cast<std::size_t>(action)).name;
}

Hands::Hands(Doing& doing, std::uint64_t seed, Place place)
    : doing_(doing), random_(seed), place_(std::move(place)) {}

template <class T, class Wanted>
T* Hands::anyUsable(Wanted wanted) {
  QList<T*> usable;
  for (auto* one : window_->findChildren<T*>())
    if (one->isVisible() && one->isEnabled() && wanted(*one)) usable.append(one);
  return any(usable);
}

void Hands::cycle(int actions) {
  open();
  for (int i = 0; i < actions; ++i) act();
  close();
}

void Hands::open() {
  doing_.begin(Actions::kOpening);
  session_ =
      std::make_unique<workbench::Session>(QStringList{QString::fromStdString(place_.engine), "worker"});
  session_->setRunsFolder(place_.runs);
  for (const auto& [key, value] : {std::pair<const char*, nlohmann::json>("epochs", 30),
                                   {"base-channels", 4},
                                   {"iterations", 1},
                                   {"batch", 1},
                                   {"patch", "32x32x32"}})
    session_->settings().set(key, value);
  window_ = std::make_unique<workbench::MainWindow>(*session_);
  window_->show();
  session_->open(kPhantom);
  if (!QTest::qWaitFor([&] { return !session_->shownCase().empty() && !session_->isLoading(); }, kPatience))
    std::cerr << "the phantom did not open" << std::endl;
}

void Hands::act() {
  const auto& rows = Actions::table();
  int all = 0;
  for (const auto& row : rows) all += row.weight;
  int at = below(all);
  std::size_t chosen = 0;
  while (at >= rows[chosen].weight) at -= rows[chosen++].weight;
  doing_.begin(static_cast<int>(chosen));
  rows[chosen].act(*this);
  QTest::qWait(below(4) == 0 ? below(600) : below(80));
}

void Hands::close() {
  doing_.begin(Actions::kClosing);
  auto& run = session_->run();
  session_->stop();
  if (!QTest::qWaitFor([&] { return !run.isActive() && !session_->isLoading(); }, kPatience))
    std::cerr << "the training did not stop: it is " << run.state() << std::endl;
  for (auto* window : QApplication::topLevelWidgets())
    if (window != window_.get()) window->close();
  bool ended = false;
  QObject::connect(&session_->engine(), &models::EngineClient::closed, window_.get(), [&] { ended = true; });
  window_->close();
  session_->engine().shutDown();
  if (!QTest::qWaitFor([&] { return ended; }, kPatience)) std::cerr << "the engine did not end" << std::endl;
  window_.reset();
  session_.reset();
  keepFewRuns();
  QTest::qWait(50);
}

void Hands::trigger(const char* name) {
  auto* action = window_->findChild<QAction*>(name);
  if (!action->isEnabled()) return;
  trainings_ += QLatin1String(name) == QLatin1String("start") ? 1 : 0;
  action->trigger();
}

void Hands::drag(QWidget& widget) {
  const auto anywhere = [&] { return QPoint(below(widget.width()), below(widget.height())); };
  const auto button = below(3) == 0 ? Qt::RightButton : below(3) == 0 ? Qt::MiddleButton : Qt::LeftButton;
  const auto send = [&](QEvent::Type type, const QPoint& at, Qt::MouseButton pressed) {
    QMouseEvent event(type, at, widget.mapToGlobal(at), pressed,
                      type == QEvent::MouseButtonRelease ? Qt::NoButton : button, Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
  };
  send(QEvent::MouseButtonPress, anywhere(), button);
  QPoint at;
  for (int i = 0; i < 5; ++i) {
    at = anywhere();
    send(QEvent::MouseMove, at, Qt::NoButton);
    QTest::qWait(below(30));
  }
  send(QEvent::MouseButtonRelease, at, button);
}

void Hands::wheel(QWidget& widget) {
  const QPointF at(below(widget.width()), below(widget.height()));
  for (int i = below(6); i >= 0; --i) {
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, below(2) ? 120 : -120}, Qt::NoButton,
                      below(4) == 0 ? Qt::ControlModifier : Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
    QTest::qWait(below(20));
  }
}

void Hands::openSomething() {
  const int what = below(4);
  if (what == 0) {
    session_->open("/no/such/folder");
  } else if (what == 1) {
    session_->open(kPhantom);
  } else {
    for (const auto& run : std::filesystem::directory_iterator(place_.runs))
      if (what == 2 || run.path() != session_->runFolder())
        return session_->open(QString::fromStdString(run.path().string()));
  }
}

void Hands::compare() {
  for (auto* window : window_->findChildren<workbench::CompareWindow*>()) window->close();
  auto* tabs = window_->findChild<QTabWidget*>("sideTabs");
  tabs->setCurrentIndex(tabs->count() - 1);
  QTest::qWait(100);  // the list of runs is read in the background
  window_->findChild<QTableWidget*>("runsTable")->selectAll();
  window_->findChild<QPushButton*>("compareRuns")->click();
}

void Hands::writeSurfaces() {
  static const std::vector<const char*> kNames = {"organs.stl", "organs.ply", "organs.obj", "organs.glb"};
  const auto file = place_.runs.parent_path() / kNames[static_cast<std::size_t>(below(4))];
  window_->findChild<workbench::SurfaceDesk*>()->write(QString::fromStdString(file.string()), below(2) == 0);
}

void Hands::keepFewRuns() {
  std::vector<std::filesystem::path> runs;
  for (const auto& run : std::filesystem::directory_iterator(place_.runs)) runs.push_back(run.path());
  std::sort(runs.begin(), runs.end());
  for (std::size_t i = 0; i + kRunsKept < runs.size(); ++i) std::filesystem::remove_all(runs[i]);
}

}  // namespace rind::soak
