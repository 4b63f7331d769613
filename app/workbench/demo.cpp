#include "rind/workbench/demo.h"

#include <QApplication>
#include <QTimer>
#include <iostream>

#include "rind/core/atomic_file.h"

namespace rind::workbench {
namespace {

void finish(int status) {
  QTimer::singleShot(0, qApp, [status] { QApplication::exit(status); });
}

bool save(const QImage& image, const std::filesystem::path& path) {
  return image.save(QString::fromStdString(path.string()));
}

// Calls `ready` once nothing is being loaded, meshed or waiting to be painted.
void whenQuiet(Session& session, MainWindow& window, std::function<void()> ready) {
  auto* timer = new QTimer(&window);
  auto* calm = new int(0);
  QObject::connect(timer, &QTimer::timeout, &window,
                   [&session, &window, timer, calm, ready = std::move(ready)] {
                     const bool busy = session.isLoading() || window.views().surfaces()->isBusy();
                     *calm = busy ? 0 : *calm + 1;
                     if (*calm < 4) return;
                     timer->stop();
                     timer->deleteLater();
                     delete calm;
                     ready();
                   });
  timer->start(100);
}

}  // namespace

void runDemo(Session& session, MainWindow& window, const std::filesystem::path& folder) {
  core::RunConfig config = session.settings().config();
  auto* pictured = new int(0);
  session.startWhenOpen(folder);
  QObject::connect(&session, &Session::exported, &window, [] { finish(0); });
  QObject::connect(&session, &Session::dataProblem, &window, [](const QString& text) {
    std::cerr << "rind-workbench: error: " << text.toStdString() << "\n";
    finish(1);
  });
  QObject::connect(
      &session.run(), &models::RunModel::changed, &window,
      [&session, &window, folder, pictured](models::RunChanges what) {
        const auto& run = session.run();
        // A picture while it trains, with a change of a parameter in the curves.
        if (*pictured == 0 && (what & models::RunChange::scores) && !run.epochs().empty()) {
          *pictured = 1;
          session.settings().set("lambda", 0.7);
        }
        if (*pictured == 1 && run.epochs().size() >= 2) {
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
          std::cerr << "rind-workbench: error: " << run.stateText().toStdString() << "\n";
          finish(1);
        }
      });
  QObject::connect(&session, &Session::noticed, &window, [](const QString& text, bool is_error) {
    if (!is_error) return;
    std::cerr << "rind-workbench: error: " << text.toStdString() << "\n";
    finish(1);
  });
}

void takePicture(Session& session, MainWindow& window, const PictureRequest& request) {
  const auto fail = [](const QString& text) {
    std::cerr << "rind-workbench: error: " << text.toStdString() << "\n";
    finish(2);
  };
  QObject::connect(&session, &Session::dataProblem, &window, fail);
  QObject::connect(&session, &Session::caseProblem, &window,
                   [fail](const QString&, const QString& text) { fail(text); });
  auto* asked = new bool(request.case_id.isEmpty());
  QObject::connect(&session, &Session::caseChanged, &window,
                   [&session, &window, request, asked](const QString& id) {
                     if (!*asked && id != request.case_id) {
                       *asked = true;
                       session.showCase(request.case_id, true);
                       return;
                     }
                     if (!request.layer.isEmpty()) {
                       models::Layers layers;
                       layers.band = request.layer == "band";
                       layers.prediction = request.layer != "band";
                       layers.error = request.layer == "error";
                       layers.reference = request.layer != "error";
                       session.shownCase().setLayers(layers);
                       window.views().setMode(request.layer == "band" ? rendering::SceneMode::shells
                                                                      : rendering::SceneMode::both);
                     }
                     whenQuiet(session, window, [&window, request] {
                       const bool saved = window.picture(request.view, request.size).save(request.file);
                       if (!saved)
                         std::cerr << "rind-workbench: error: " << request.file.toStdString()
                                   << ": cannot be written; choose another folder\n";
                       finish(saved ? 0 : 2);
                     });
                   });
}

}  // namespace rind::workbench
