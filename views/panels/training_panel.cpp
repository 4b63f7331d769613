#include "rind/panels/training_panel.h"

#include <QDoubleSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "rind/core/settings.h"
#include "rind/models/advanced_domains.h"
#include "rind/panels/setting_controls.h"
#include "rind/panels/setting_rows.h"

namespace rind::panels {

TrainingPanel::TrainingPanel(models::SettingsModel& settings, QWidget* parent)
    : QWidget(parent), settings_(settings) {
  setObjectName("trainingPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(makeHeading(tr("TRAINING")));
  auto* form = makeForm();
  for (const char* key : {"loss", "network", "base-channels", "epochs", "batch", "lr", "schedule", "patch",
                          "seed", "device", "precision"})
    addSettingRow(*form, settings, key);
  column->addLayout(form);
  fold_ = new Fold("advanced", makeAdvanced());
  column->addWidget(fold_);
  connect(&settings, &models::SettingsModel::changed, this, &TrainingPanel::describe);
  describe();
}

QWidget* TrainingPanel::makeAdvanced() {
  auto* rows = new QWidget;
  auto* form = makeForm();
  rows->setLayout(form);
  for (const auto& domain : models::advancedDomains()) addSettingRow(*form, settings_, domain.key);
  auto* momentum = rows->findChild<QDoubleSpinBox*>("momentum");
  follow(settings_, "optimiser", momentum,
         [momentum](const nlohmann::json& optimiser) { momentum->setEnabled(optimiser == "sgd"); });
  return rows;
}

void TrainingPanel::describe() {
  const core::RunConfig usual;
  const auto domains = models::advancedDomains();
  const auto own = std::count_if(domains.begin(), domains.end(), [&](const auto& domain) {
    return settings_.value(domain.key) != core::setting(domain.key).write(usual);
  });
  fold_->setTitle(own == 0 ? tr("Advanced") : tr("Advanced · %1 changed").arg(own));
}

}  // namespace rind::panels
