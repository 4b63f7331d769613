#include "rind/panels/contour_panel.h"

#include <QVBoxLayout>
#include <algorithm>

#include "rind/panels/setting_rows.h"

namespace rind::panels {

ContourPanel::ContourPanel(models::SettingsModel& settings, const models::CaseModel& shown, QWidget* parent)
    : QWidget(parent),
      settings_(settings),
      case_(shown),
      apply_(new QCheckBox(tr("Apply to the running training"))),
      read_out_(new QLabel) {
  setObjectName("contourPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(makeHeading(tr("CONTOUR")));
  auto* form = makeForm();
  addSettingRow(*form, settings, "iterations", true);
  addSettingRow(*form, settings, "kernel", true);
  addSettingRow(*form, settings, "lambda", true);
  addSettingRow(*form, settings, "alpha", true);
  addSettingRow(*form, settings, "border");
  addAdaptiveRow(*form, settings);
  addSettingRow(*form, settings, "preset");
  addSettingRow(*form, settings, "include-background");
  apply_->setObjectName("applyToRunning");
  apply_->setChecked(true);
  setHeld(false);
  form->addRow(apply_);
  column->addLayout(form);
  read_out_->setObjectName("bandReadOut");
  read_out_->setProperty("role", "quiet");
  read_out_->setWordWrap(true);
  column->addWidget(read_out_);
  connect(&settings, &models::SettingsModel::changed, this, &ContourPanel::describe);
  connect(&shown, &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & (models::Change::data | models::Change::band)) describe();
  });
  describe();
}

void ContourPanel::setHeld(bool held) {
  apply_->setEnabled(!held);
  apply_->setToolTip(
      held ? tr("Another process trains this run: a change here changes only what is drawn, and the next run "
                "that you start.")
           : tr("On: a change here reaches the running training at its next step, with a marker in the "
                "curves.<br>Off: it changes only what is drawn, until it is switched on again."));
}

void ContourPanel::describe() {
  const auto& contour = settings_.config().contour;
  const int voxels = contour.thickness();
  const bool adapts = core::toString(contour.adaptive) != "off";
  QString text = voxels == 1 ? tr("The band is one voxel thick")
                 : adapts    ? tr("The band is at most %1 voxels thick").arg(voxels)
                             : tr("The band is %1 voxels thick").arg(voxels);
  if (!case_.empty()) {
    const auto& spacing = case_.loaded().prepared.geometry.spacing;
    const double least = std::min({spacing.z, spacing.y, spacing.x}) * voxels;
    const double most = std::max({spacing.z, spacing.y, spacing.x}) * voxels;
    text += most - least < 0.05 ? tr(" (%1 mm)").arg(least, 0, 'f', 1)
                                : tr(" (%1–%2 mm)").arg(least, 0, 'f', 1).arg(most, 0, 'f', 1);
    const auto all_band = std::count_if(case_.facts().begin() + 1, case_.facts().end(),
                                        [](const auto& facts) { return facts.all_band; });
    if (all_band == 1) text += tr("; one organ is all band: λ has nothing inside it");
    if (all_band > 1) text += tr("; %1 organs are all band: λ has nothing inside them").arg(all_band);
  }
  read_out_->setText(text + '.');
}

}  // namespace rind::panels
