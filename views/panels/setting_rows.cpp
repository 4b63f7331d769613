#include "rind/panels/setting_rows.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>

#include "rind/core/contour_settings.h"
#include "rind/models/setting_domain.h"
#include "rind/panels/setting_controls.h"

namespace rind::panels {
namespace {

using models::SettingsModel;

QLabel* refusalLabel(SettingsModel& settings, const std::string& key) {
  auto* label = new QLabel;
  label->setObjectName(QString::fromStdString(key) + ".error");
  label->setProperty("role", "error");
  label->setWordWrap(true);
  label->hide();
  QObject::connect(&settings, &SettingsModel::refused, label,
                   [label, key](const QString& at, const QString& why) {
                     if (at.toStdString() != key) return;
                     label->setText(why);
                     label->show();
                   });
  QObject::connect(&settings, &SettingsModel::accepted, label, [label, key](const QString& at) {
    if (at.toStdString() == key) label->hide();
  });
  return label;
}

}  // namespace

QFormLayout* makeForm() {
  auto* form = new QFormLayout;
  form->setContentsMargins(0, 0, 0, 0);
  form->setHorizontalSpacing(10);
  form->setVerticalSpacing(5);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  return form;
}

QWidget* makeHeading(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", "heading");
  return label;
}

void addSettingRow(QFormLayout& form, SettingsModel& settings, const std::string& key, bool slider) {
  const auto& domain = models::domainOf(key);
  const QString tip = models::settingText(domain.explanation);
  QWidget* control = makeControl(settings, domain);
  control->setObjectName(QString::fromStdString(key));
  control->setAccessibleName(models::settingText(domain.label));
  control->setToolTip(tip);
  QWidget* row = slider ? withSlider(settings, domain, control) : control;
  row->setToolTip(tip);
  if (domain.kind == models::SettingDomain::Kind::toggle) {
    form.addRow(row);
  } else {
    auto* label = new QLabel(models::settingText(domain.label));
    label->setToolTip(tip);
    label->setBuddy(control);
    form.addRow(label, row);
  }
  auto* error = refusalLabel(settings, key);
  form.addRow(error);
}

void addAdaptiveRow(QFormLayout& form, SettingsModel& settings) {
  auto* rule = new QComboBox;
  rule->setObjectName("adaptive");
  rule->setAccessibleName(QObject::tr("Adaptive thickness"));
  rule->addItem(QObject::tr("off"), "off");
  rule->addItem(QObject::tr("share of organ"), "share");
  rule->addItem(QObject::tr("of inradius"), "inradius");
  rule->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  rule->setMinimumWidth(64);
  const QString tip = QObject::tr(
      "Chooses the thickness by organ, so that a thin one is not all band.<br><b>share</b>: the band holds "
      "at most "
      "this share of the organ's voxels. <b>inradius</b>: this fraction of its largest depth.");
  rule->setToolTip(tip);
  auto* amount = new QDoubleSpinBox;
  amount->setObjectName("adaptive.value");
  amount->setAccessibleName(QObject::tr("Value of the adaptive rule"));
  amount->setRange(0.05, 1);
  amount->setSingleStep(0.05);
  amount->setValue(0.5);
  amount->setFixedWidth(56);
  amount->setToolTip(tip);
  const auto store = [&settings, rule, amount] {
    const QString kind = rule->currentData().toString();
    const QString text = kind == "off" ? kind : QStringLiteral("%1:%2").arg(kind).arg(amount->value());
    amount->setEnabled(kind != "off");
    settings.set("adaptive", text.toStdString());
  };
  QObject::connect(rule, &QComboBox::currentIndexChanged, rule, store);
  QObject::connect(amount, &QDoubleSpinBox::valueChanged, amount, store);
  follow(settings, "adaptive", rule, [rule, amount](const nlohmann::json& value) {
    const auto adaptive = core::parseAdaptive(value.get<std::string>());
    rule->setCurrentIndex(static_cast<int>(adaptive.rule));
    const QSignalBlocker quiet(amount);
    amount->setEnabled(adaptive.rule != core::AdaptiveRule::off);
    if (adaptive.rule != core::AdaptiveRule::off) amount->setValue(adaptive.value);
  });
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(rule, 1);
  layout->addWidget(amount);
  form.addRow(QObject::tr("Adaptive"), row);
}

}  // namespace rind::panels
