#pragma once

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QWidget>

#include "rind/panels/case_list.h"
#include "rind/panels/check_row.h"

namespace rind::panels {

/// Which data set is open, and its cases.
class DataPanel : public QWidget {
  Q_OBJECT

 public:
  explicit DataPanel(QWidget* parent = nullptr);

  void setSource(const QString& source, const QString& summary);
  void setCases(const QStringList& ids);
  CaseList& cases() { return *list_; }
  CheckRow& checks() { return *checks_; }
  /// What a look at all cases found.
  void setChecked(const models::DataCheck& check);
  /// A message beside the field; empty takes it away.
  void setProblem(const QString& text);

 Q_SIGNALS:
  void openRequested(const QString& source);
  void browseRequested();

 private:
  QLineEdit* source_;
  QLineEdit* search_;
  CaseList* list_;
  CheckRow* checks_;
  QLabel* summary_;
  QLabel* problem_;
};

}  // namespace rind::panels
