#include "rind/panels/setting_rows.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <cmath>

#include "rind/core/contour_settings.h"
#include "rind/models/setting_domain.h"

namespace rind::panels {
namespace {

using models::SettingDomain;
using models::SettingsModel;

// Calls `show` now and whenever the model's value of `key` changes.
template <class Show>
void follow(SettingsModel& settings, const std::string& key, QWidget* control, Show show) {
  const auto refresh = [&settings, key, control, show] {
    const QSignalBlocker quiet(control);
    show(settings.value(key));
  };
  QObject::connect(&settings, &SettingsModel::changed, control, [key, refresh](const QStringList& keys) {
    if (keys.contains(QString::fromStdString(key))) refresh();
  });
  refresh();
}

QWidget* integerControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = new QSpinBox;
  box->setRange(static_cast<int>(domain.least), static_cast<int>(domain.most));
  box->setSingleStep(static_cast<int>(domain.step));
  box->setKeyboardTracking(false);
  QObject::connect(box, &QSpinBox::valueChanged, box,
                   [&settings, key = domain.key](int value) { settings.set(key, value); });
  follow(settings, domain.key, box, [box](const nlohmann::json& value) { box->setValue(value.get<int>()); });
  return box;
}

QWidget* realControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = new QDoubleSpinBox;
  box->setDecimals(domain.decimals);
  box->setRange(domain.least, domain.most);
  box->setSingleStep(domain.step);
  box->setKeyboardTracking(false);
  QObject::connect(box, &QDoubleSpinBox::valueChanged, box,
                   [&settings, key = domain.key](double value) { settings.set(key, value); });
  follow(settings, domain.key, box,
         [box](const nlohmann::json& value) { box->setValue(value.get<double>()); });
  return box;
}

QWidget* choiceControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = new QComboBox;
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(6);
  box->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  for (const auto& [value, shown] : domain.choices)
    box->addItem(QString::fromStdString(shown), QString::fromStdString(value));
  QObject::connect(box, &QComboBox::currentIndexChanged, box, [&settings, box, key = domain.key] {
    settings.set(key, box->currentData().toString().toStdString());
  });
  follow(settings, domain.key, box, [box](const nlohmann::json& value) {
    box->setCurrentIndex(box->findData(QString::fromStdString(value.get<std::string>())));
  });
  return box;
}

QWidget* toggleControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = new QCheckBox(QString::fromStdString(domain.label));
  QObject::connect(box, &QCheckBox::toggled, box,
                   [&settings, key = domain.key](bool on) { settings.set(key, on); });
  follow(settings, domain.key, box,
         [box](const nlohmann::json& value) { box->setChecked(value.get<bool>()); });
  return box;
}

QWidget* textControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* edit = new QLineEdit;
  edit->setPlaceholderText(QObject::tr("automatic"));
  QObject::connect(edit, &QLineEdit::editingFinished, edit, [&settings, edit, key = domain.key] {
    const auto text = edit->text().trimmed().toStdString();
    settings.set(key, text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text));
  });
  follow(settings, domain.key, edit, [edit](const nlohmann::json& value) {
    edit->setText(value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString());
  });
  return edit;
}

QWidget* makeControl(SettingsModel& settings, const SettingDomain& domain) {
  switch (domain.kind) {
    case SettingDomain::Kind::integer:
      return integerControl(settings, domain);
    case SettingDomain::Kind::real:
      return realControl(settings, domain);
    case SettingDomain::Kind::choice:
      return choiceControl(settings, domain);
    case SettingDomain::Kind::toggle:
      return toggleControl(settings, domain);
    case SettingDomain::Kind::text:
      break;
  }
  return textControl(settings, domain);
}

// A slider counts steps from the least value.
QWidget* withSlider(SettingsModel& settings, const SettingDomain& domain, QWidget* box) {
  auto* slider = new QSlider(Qt::Horizontal);
  slider->setObjectName(QString::fromStdString(domain.key) + ".slider");
  slider->setAccessibleName(QString::fromStdString(domain.label));
  slider->setRange(0, static_cast<int>(std::lround((domain.most - domain.least) / domain.step)));
  slider->setPageStep(std::max(1, slider->maximum() / 10));
  QObject::connect(slider, &QSlider::valueChanged, slider, [&settings, domain](int at) {
    const double value = domain.least + at * domain.step;
    if (domain.kind == SettingDomain::Kind::integer)
      settings.set(domain.key, static_cast<int>(std::lround(value)));
    else
      settings.set(domain.key, std::round(value * 1e6) / 1e6);
  });
  follow(settings, domain.key, slider, [slider, domain](const nlohmann::json& value) {
    slider->setValue(static_cast<int>(std::lround((value.get<double>() - domain.least) / domain.step)));
  });
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(slider, 1);
  slider->setMinimumWidth(50);
  box->setFixedWidth(56);
  layout->addWidget(box);
  return row;
}

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

QWidget* makeHeading(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", "heading");
  return label;
}

void addSettingRow(QFormLayout& form, SettingsModel& settings, const std::string& key, bool slider) {
  const auto& domain = models::domainOf(key);
  const QString tip = QString::fromStdString(domain.explanation);
  QWidget* control = makeControl(settings, domain);
  control->setObjectName(QString::fromStdString(key));
  control->setAccessibleName(QString::fromStdString(domain.label));
  control->setToolTip(tip);
  QWidget* row = slider ? withSlider(settings, domain, control) : control;
  row->setToolTip(tip);
  if (domain.kind == SettingDomain::Kind::toggle) {
    form.addRow(row);
  } else {
    auto* label = new QLabel(QString::fromStdString(domain.label));
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
