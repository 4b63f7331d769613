#include "rind/workbench/surface_desk.h"

#include "rind/workbench/file_dialogs.h"
#include "rind/workbench/outcome.h"
#include "rind/workbench/surface_export.h"

namespace rind::workbench {

SurfaceDesk::SurfaceDesk(Session& session, Actions& actions, QWidget* window)
    : QObject(window), session_(session), actions_(actions), window_(window) {
  setObjectName("surfaceDesk");
  connect(actions.export_reference, &QAction::triggered, this, [this] { ask(false); });
  connect(actions.export_prediction, &QAction::triggered, this, [this] { ask(true); });
  connect(&session.shownCase(), &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & (models::Change::data | models::Change::prediction)) showState();
  });
  showState();
}

void SurfaceDesk::showState() {
  const auto& shown = session_.shownCase();
  actions_.export_reference->setEnabled(!shown.empty());
  actions_.export_prediction->setEnabled(shown.prediction() != nullptr);
}

void SurfaceDesk::ask(bool prediction) {
  askForSurfaces(window_,
                 prediction ? tr("Export the prediction's surfaces") : tr("Export the reference's surfaces"),
                 [this, prediction](const QString& path) { write(path, prediction); });
}

void SurfaceDesk::write(const QString& path, bool prediction) {
  const auto& shown = session_.shownCase();
  const auto predicted = prediction ? shown.prediction() : nullptr;
  if (shown.empty() || (prediction && !predicted)) return;
  const auto loaded = shown.share();
  std::vector<bool> wanted(loaded->labels.size());
  for (std::size_t c = 1; c < wanted.size(); ++c) wanted[c] = shown.isVisible(static_cast<int>(c));
  session_.activity().begin(tr("Writing surfaces …"));
  background_.run(
      [loaded, predicted, wanted, file = std::filesystem::path(path.toStdString())] {
        return attempt<SurfaceReport>([&] {
          const core::LabelView labels = predicted ? predicted->labels.view() : loaded->prepared.labels;
          return exportSurfaces({loaded->prepared.geometry, labels, loaded->labels, wanted}, file);
        });
      },
      [this](const Outcome<SurfaceReport>& outcome) {
        session_.activity().end();
        if (!outcome.value) {
          Q_EMIT session_.noticed(outcome.problem, true);
          return;
        }
        const QString file = QString::fromStdString(outcome.value->files.front().string());
        Q_EMIT session_.noticed(
            outcome.value->organs == 1
                ? tr("The organ's surface is in %1").arg(file)
                : tr("The surfaces of %1 organs are in %2").arg(outcome.value->organs).arg(file),
            false);
      });
}

}  // namespace rind::workbench
