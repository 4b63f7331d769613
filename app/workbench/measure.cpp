#include "rind/workbench/measure.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>

#include "rind/core/quantile.h"
#include "rind/workbench/heartbeat.h"
#include "rind/workbench/say_error.h"
#include "rind/workbench/when_quiet.h"

namespace rind::workbench {
namespace {

constexpr int kSliderSteps = 40;
constexpr int kScrolledSlices = 120;
constexpr int kOtherCases = 4;

using Milliseconds = std::vector<double>;

void print(const char* what, Milliseconds times) {
  std::sort(times.begin(), times.end());
  const auto at = [&times](double fraction) { return core::quantile(times, fraction); };
  std::cout << what << ": median " << at(0.5) << " ms, 95th percentile " << at(0.95) << " ms, 99th "
            << at(0.99) << " ms, longest " << at(1) << " ms of " << times.size() << std::endl;
}

/// Of this process, where the system tells: "VmRSS:" now, "VmHWM:" at most so far; MB.
double megabytes(const std::string& wanted) {
  std::ifstream status("/proc/self/status");
  std::string name;
  double kibibytes = 0;
  while (status >> name)
    if (name == wanted && status >> kibibytes) return kibibytes * 1024 / 1e6;
  return 0;
}

void printMemory(const char* when) {
  if (const double now = megabytes("VmRSS:"); now > 0)
    std::cout << "memory " << when << ": " << now << " MB, at most so far " << megabytes("VmHWM:") << " MB"
              << std::endl;
}

class Measurement : public QObject {
 public:
  Measurement(Session& session, MainWindow& window, bool while_training)
      : QObject(&window), session_(session), views_(window.views()), while_training_(while_training) {
    since_open_.start();
    connect(views_.slice(0), &panels::SliceView::painted, this, [this] {
      ++slices_;
      if (first_slice_ == 0) first_slice_ = elapsed(since_open_);
    });
    connect(views_.renderWidget(), &rendering::RenderWidget::painted, this, &Measurement::scenePainted);
    connect(&session, &Session::dataProblem, this, &Measurement::fail);
    connect(&session, &Session::caseProblem, this, [this](const QString&, const QString& why) { fail(why); });
    connect(
        &session, &Session::caseChanged, this,
        [this, &window] { whenQuiet(session_, window, [this] { measureAll(); }); }, Qt::SingleShotConnection);
  }

 private:
  static double elapsed(const QElapsedTimer& clock) {
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
  }

  template <class Holds>
  static void until(Holds holds) {
    while (!holds()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
  }

  void fail(const QString& why) {
    sayError(why.toStdString());
    finish(2);
  }

  void scenePainted() {
    const auto& surfaces = *views_.surfaces();
    if (band_ == 0 && surfaces.bandIsShown()) band_ = elapsed(step_);
    if (full_ == 0 && !surfaces.isBusy() && surfaces.bandIsShown()) full_ = elapsed(step_);
  }

  void measureAll() {
    std::cout << "source opened to its first slice: " << first_slice_ << " ms" << std::endl;
    printMemory("with the case");
    if (while_training_) {
      until([this] { return !session_.run().steps().empty() || !session_.run().isActive(); });
      std::cout << "training: " << session_.run().state() << ", steps " << session_.run().steps().size()
                << std::endl;
    }
    Heartbeat heart;
    heart.start();
    moveSlider();
    scroll("slice scrolled in four views");
    views_.maximise(ViewGrid::kAxial);
    scroll("slice scrolled alone");
    views_.maximise(-1);
    heart.stop();
    print("event loop late by", heart.lateness());
    showOtherCases();
    printMemory("at the end");
    if (while_training_)
      std::cout << "training: " << session_.run().state() << ", steps " << session_.run().steps().size()
                << std::endl;
    finish(0);
  }

  void moveSlider() {
    Milliseconds slice, band, full;
    const bool has_scene = views_.renderWidget()->isWorking();
    const int first = session_.settings().config().contour.iterations;
    for (int i = 1; i <= kSliderSteps; ++i) {
      band_ = full_ = 0;
      const int seen = slices_;
      step_.start();
      session_.settings().set("iterations", 1 + (first + i) % 6);
      until([&] { return slices_ > seen; });
      slice.push_back(elapsed(step_));
      if (!has_scene) continue;
      until([this] { return full_ > 0; });
      band.push_back(band_);
      full.push_back(full_);
    }
    print("slider to the repainted slice", slice);
    if (!has_scene) return;
    print("slider to the new 3D band", band);
    print("slider to the full 3D band", full);
  }

  void scroll(const char* what) {
    Milliseconds times;
    std::int64_t way = 1;
    QElapsedTimer all;
    all.start();
    for (int i = 0; i < kScrolledSlices; ++i) {
      const int seen = slices_;
      step_.start();
      auto at = session_.shownCase().cursor();
      if (at.z + way < 0 || at.z + way >= session_.shownCase().loaded().prepared.size().z) way = -way;
      at.z += way;
      session_.shownCase().setCursor(at);
      until([&] { return slices_ > seen; });
      times.push_back(elapsed(step_));
    }
    print(what, times);
    std::cout << "  that is " << kScrolledSlices * 1000 / elapsed(all) << " slices a second" << std::endl;
  }

  void showOtherCases() {
    Milliseconds times;
    for (const auto& other : session_.data()->cases) {
      if (times.size() == kOtherCases) break;
      if (other.id == session_.shownCase().loaded().prepared.id) continue;
      const int seen = slices_;
      step_.start();
      session_.showCase(QString::fromStdString(other.id), true);
      until([this] { return !session_.isLoading(); });
      until([&] { return slices_ > seen; });
      times.push_back(elapsed(step_));
    }
    print("other case to its first slice", times);
    until([this] { return !session_.isLoading() && !views_.surfaces()->isBusy(); });
  }

  Session& session_;
  ViewGrid& views_;
  bool while_training_;
  QElapsedTimer since_open_, step_;
  double first_slice_ = 0, band_ = 0, full_ = 0;
  int slices_ = 0;
};

}  // namespace

void measure(Session& session, MainWindow& window, bool while_training) {
  new Measurement(session, window, while_training);  // its parent is the window
}

}  // namespace rind::workbench
