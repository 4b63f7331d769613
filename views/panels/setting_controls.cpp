#include "rind/panels/setting_controls.h"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSlider>
#include <QSpinBox>
#include <algorithm>
#include <cmath>
#include <limits>

#include "rind/panels/wheel_guard.h"

namespace rind::panels {

using models::SettingDomain;
using models::SettingsModel;

namespace {

constexpr int kMostDecimals = 8;

/// Undo and redo are the settings', also while a number is being typed.
class UndoIsOfSettings : public QObject {
 public:
  using QObject::QObject;
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::ShortcutOverride) return QObject::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    return key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo);
  }
};

void leaveUndoToSettings(QAbstractSpinBox& box) {
  auto* filter = new UndoIsOfSettings(&box);
  box.findChild<QLineEdit*>()->installEventFilter(filter);
  box.installEventFilter(filter);  // it asks its line once more
}

QWidget* integerControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = new QSpinBox;
  box->setRange(static_cast<int>(domain.least), static_cast<int>(domain.most));
  box->setSingleStep(static_cast<int>(domain.step));
  box->setSpecialValueText(models::settingText(domain.none));
  box->setKeyboardTracking(false);
  QObject::connect(box, &QSpinBox::valueChanged, box,
                   [&settings, key = domain.key](int value) { settings.set(key, value); });
  follow(settings, domain.key, box, [box](const nlohmann::json& value) {
    const auto number = static_cast<int>(std::clamp<std::int64_t>(
        value.get<std::int64_t>(), std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
    box->setRange(std::min(box->minimum(), number), std::max(box->maximum(), number));
    box->setValue(number);
  });
  return box;
}

// A run from elsewhere may have a value beyond what the screen offers: it is shown, not another.
void showReal(QDoubleSpinBox& box, double value) {
  box.setRange(std::min(box.minimum(), value), std::max(box.maximum(), value));
  int decimals = box.decimals();
  while (decimals < kMostDecimals &&
         std::abs(std::round(value * std::pow(10, decimals)) / std::pow(10, decimals) - value) >
             1e-9 * std::max(1.0, std::abs(value)))
    ++decimals;
  box.setDecimals(decimals);
  box.setValue(value);
}

QDoubleSpinBox* decimalBox(const SettingDomain& domain, double least) {
  auto* box = new QDoubleSpinBox;
  box->setDecimals(domain.decimals);
  box->setRange(least, domain.most);
  box->setSingleStep(domain.step);
  box->setSpecialValueText(models::settingText(domain.none));
  box->setKeyboardTracking(false);
  return box;
}

QWidget* realControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = decimalBox(domain, domain.least);
  QObject::connect(box, &QDoubleSpinBox::valueChanged, box,
                   [&settings, key = domain.key](double value) { settings.set(key, value); });
  follow(settings, domain.key, box,
         [box](const nlohmann::json& value) { showReal(*box, value.get<double>()); });
  return box;
}

// One step below the least value stands for none.
QWidget* optionalControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = decimalBox(domain, domain.least - domain.step);
  QObject::connect(box, &QDoubleSpinBox::valueChanged, box, [&settings, domain](double value) {
    settings.set(domain.key, value < domain.least ? nlohmann::json(nullptr) : nlohmann::json(value));
  });
  follow(settings, domain.key, box, [box](const nlohmann::json& value) {
    showReal(*box, value.is_null() ? box->minimum() : value.get<double>());
  });
  return box;
}

QWidget* choiceControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = new QComboBox;
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(6);
  box->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  for (const auto& [value, shown] : domain.choices)
    box->addItem(models::settingText(shown), QString::fromStdString(value));
  QObject::connect(box, &QComboBox::currentIndexChanged, box, [&settings, box, key = domain.key] {
    settings.set(key, box->currentData().toString().toStdString());
  });
  follow(settings, domain.key, box, [box](const nlohmann::json& value) {
    const QString text = QString::fromStdString(value.get<std::string>());
    if (box->findData(text) < 0) box->addItem(text, text);
    box->setCurrentIndex(box->findData(text));
  });
  return box;
}

QWidget* toggleControl(SettingsModel& settings, const SettingDomain& domain) {
  auto* box = new QCheckBox(models::settingText(domain.label));
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

QWidget* controlOf(SettingsModel& settings, const SettingDomain& domain) {
  switch (domain.kind) {
    case SettingDomain::Kind::integer:
      return integerControl(settings, domain);
    case SettingDomain::Kind::real:
      return realControl(settings, domain);
    case SettingDomain::Kind::optional_real:
      return optionalControl(settings, domain);
    case SettingDomain::Kind::choice:
      return choiceControl(settings, domain);
    case SettingDomain::Kind::toggle:
      return toggleControl(settings, domain);
    case SettingDomain::Kind::text:
      break;
  }
  return textControl(settings, domain);
}

}  // namespace

QWidget* makeControl(SettingsModel& settings, const SettingDomain& domain) {
  QWidget* control = controlOf(settings, domain);
  guardFromWheel(control);
  if (auto* box = qobject_cast<QAbstractSpinBox*>(control)) leaveUndoToSettings(*box);
  return control;
}

// A slider counts steps from the least value.
QWidget* withSlider(SettingsModel& settings, const SettingDomain& domain, QWidget* box) {
  auto* slider = new QSlider(Qt::Horizontal);
  slider->setObjectName(QString::fromStdString(domain.key) + ".slider");
  slider->setAccessibleName(models::settingText(domain.label));
  slider->setRange(0, static_cast<int>(std::lround((domain.most - domain.least) / domain.step)));
  slider->setPageStep(std::max(1, slider->maximum() / 10));
  guardFromWheel(slider);
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

}  // namespace rind::panels
