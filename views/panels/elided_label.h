#pragma once

#include <QLabel>

namespace rind::panels {

/// One line of plain text that gives way: where there is no room it is cut with "…", and pointing at it shows
/// it whole, with its tooltip below.
class ElidedLabel : public QLabel {
  Q_OBJECT

 public:
  explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);

  /// Where the text is cut; at its end unless told.
  void setElideMode(Qt::TextElideMode mode) { mode_ = mode; }
  QSize sizeHint() const override { return minimumSizeHint(); }
  QSize minimumSizeHint() const override;

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  Qt::TextElideMode mode_ = Qt::ElideRight;
};

}  // namespace rind::panels
