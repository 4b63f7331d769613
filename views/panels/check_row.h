#pragma once

#include <QLabel>
#include <QPushButton>

#include "rind/models/data_check.h"

namespace rind::panels {

/// Whether the cases of a data set have been looked at and what was found, in a line, with a button.
class CheckRow : public QWidget {
  Q_OBJECT

 public:
  explicit CheckRow(QWidget* parent = nullptr);

  void showUnchecked();
  /// `seconds_left` is negative where it is not known.
  void showProgress(int done, int all, double seconds_left);
  void showFound(int cases, const models::DataCheck& check);
  void showFailed(const QString& why);

 Q_SIGNALS:
  void checkRequested();
  void cancelRequested();
  /// To see only the cases that have problems.
  void problemsRequested();

 private:
  void show(const QString& text, const QString& tip, const QString& button);

  QLabel* text_;
  QPushButton* button_;
  bool running_ = false;
};

}  // namespace rind::panels
