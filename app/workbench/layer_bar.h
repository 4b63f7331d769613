#pragma once

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QWidget>

#include "rind/models/case_model.h"

namespace rind::workbench {

/// The strip above the views: what is laid over the image and how strongly, which channel, which window. Two
/// rows where one would not hold it.
class LayerBar : public QWidget {
  Q_OBJECT

 public:
  explicit LayerBar(models::CaseModel& shown, QWidget* parent = nullptr);

  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QHBoxLayout* addRow();
  void arrange();
  QToolButton* addToggle(const QString& text, const char* name, const char* key, const QString& tip);
  void addWindowing();
  void store();
  void showLayers();
  void showCase();

  models::CaseModel& case_;
  QBoxLayout* rows_;
  QHBoxLayout* toggles_;
  QHBoxLayout* look_;
  QToolButton* reference_ = nullptr;
  QToolButton* band_ = nullptr;
  QToolButton* prediction_ = nullptr;
  QToolButton* error_ = nullptr;
  QToolButton* heat_ = nullptr;
  QSlider* opacity_ = nullptr;
  QLabel* legend_ = nullptr;
  QComboBox* channel_ = nullptr;
  QComboBox* window_ = nullptr;
};

/// A checkable button in the house style.
QToolButton* makeToggle(const QString& text, const QString& name, const QString& tip);

}  // namespace rind::workbench
