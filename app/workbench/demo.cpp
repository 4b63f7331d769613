#include "rind/workbench/demo.h"

#include <iostream>
#include <memory>

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
  const auto pictured = std::make_shared<int>(0);
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

}  // namespace rind::workbench
