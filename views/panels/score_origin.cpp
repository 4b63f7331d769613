#include "rind/panels/score_origin.h"

#include <algorithm>

namespace rind::panels {

ScoreOrigin::ScoreOrigin(const models::RunModel& run, QWidget* parent) : ElidedLabel({}, parent) {
  setObjectName("scoreOrigin");
  setProperty("role", "quiet");
  setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  connect(&run, &models::RunModel::changed, this, [this, &run](models::RunChanges what) {
    if (what & (models::RunChange::scores | models::RunChange::case_scores)) refresh(run);
  });
  refresh(run);
}

void ScoreOrigin::refresh(const models::RunModel& run) {
  const auto& epochs = run.epochs();
  if (epochs.empty()) {
    setText({});
    return;
  }
  QString text = tr("DSC: epoch %1").arg(epochs.back().at.epoch);
  const auto best =
      std::find_if(epochs.rbegin(), epochs.rend(), [](const auto& epoch) { return epoch.best; });
  if (best != epochs.rend() && !run.scores().empty())
    text += tr(" · NSD, HD95: epoch %1, the best").arg(best->at.epoch);
  setText(text);
}

}  // namespace rind::panels
