#include "rind/workbench/demo.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <algorithm>
#include <iostream>

#include "rind/core/error.h"
#include "rind/workbench/say_error.h"
#include "rind/workbench/when_quiet.h"

namespace rind::workbench {
namespace {

void save(const QImage& image, const std::filesystem::path& path) {
  try {
    writePicture(image, QString::fromStdString(path.string()));
  } catch (const core::InputError& error) {
    sayError(error.what());
    finish(1);
  }
}

}  // namespace

void runDemo(Session& session, MainWindow& window, const std::filesystem::path& folder) {
  auto* pictured = new int(0);
  session.startWhenOpen(folder);
  QObject::connect(&session, &Session::exported, &window, [] { finish(0); });
  QObject::connect(&session, &Session::dataProblem, &window, [](const QString& text) {
    sayError(text.toStdString());
    finish(1);
  });
  QObject::connect(
      &session.run(), &models::RunModel::changed, &window,
      [&session, &window, folder, pictured](models::RunChanges what) {
        const auto& run = session.run();
        const auto epochs = static_cast<int>(run.epochs().size());
        // A picture while it trains, with a change of a parameter in the curves.
        if (*pictured == 0 && (what & models::RunChange::scores) && epochs > 0 &&
            epochs * 4 >= run.epochsPlanned()) {
          *pictured = 1;
          session.settings().set("lambda", 0.7);
        }
        if (*pictured == 1 && epochs > 0 && epochs * 3 >= run.epochsPlanned() * 2) {
          *pictured = 2;
          whenQuiet(session, window, [&window, folder] { save(window.picture(), folder / "training.png"); });
        }
        if (*pictured < 3 && run.state() == "finished") {
          *pictured = 3;
          whenQuiet(session, window, [&session, &window, folder] {
            save(window.picture(), folder / "finished.png");
            session.exportModel(QString::fromStdString((folder / "model.pt").string()), "torchscript");
          });
        }
        if (run.state() == "failed" || run.state() == "crashed") {
          sayError(run.stateText().toStdString());
          finish(1);
        }
      });
  QObject::connect(&session, &Session::noticed, &window, [](const QString& text, bool is_error) {
    if (!is_error) return;
    sayError(text.toStdString());
    finish(1);
  });
}

void measure(Session& session, MainWindow& window) {
  struct Times {
    std::vector<double> slice, band, scroll;
  };
  const auto print = [](const char* what, std::vector<double> times) {
    std::sort(times.begin(), times.end());
    std::cout << what << ": median " << times[times.size() / 2] << " ms, 95th percentile "
              << times[times.size() * 95 / 100] << " ms" << std::endl;
  };
  QObject::connect(&session, &Session::caseChanged, &window, [&session, &window, print] {
    whenQuiet(session, window, [&session, &window, print] {
      Times times;
      auto& views = window.views();
      const auto until = [](auto holds) {
        while (!holds()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
      };
      int slices = 0;
      int frames = 0;
      QObject::connect(views.slice(0), &panels::SliceView::painted, &window, [&slices] { ++slices; });
      QObject::connect(views.renderWidget(), &rendering::RenderWidget::painted, &window,
                       [&frames] { ++frames; });
      for (int i = 0; i < 40; ++i) {
        QElapsedTimer clock;
        clock.start();
        int seen = slices;
        session.settings().set("iterations", 1 + i % 6);
        until([&] { return slices > seen; });
        times.slice.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        until([&] { return !views.surfaces()->isBusy(); });
        seen = frames;
        views.renderWidget()->update();
        until([&] { return frames > seen; });
        times.band.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
      }
      for (int i = 0; i < 60; ++i) {
        QElapsedTimer clock;
        clock.start();
        const int seen = slices;
        auto at = session.shownCase().cursor();
        at.z += i % 20 < 10 ? 1 : -1;
        session.shownCase().setCursor(at);
        until([&] { return slices > seen; });
        times.scroll.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
      }
      print("slider to the repainted slice", times.slice);
      print("slider to the new 3D band", times.band);
      print("scrolled slice to its picture", times.scroll);
      finish(0);
    });
  });
}

}  // namespace rind::workbench
