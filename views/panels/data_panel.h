#pragma once

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QWidget>
#include <map>

namespace rind::panels {

/// One line of the case list.
struct CaseLine {
  QString id;
  /// "train", "validate" or empty.
  QString role;
  /// Set where something is wrong with it.
  QString problem;
};

/// Which data set is open, and its cases.
class DataPanel : public QWidget {
  Q_OBJECT

 public:
  explicit DataPanel(QWidget* parent = nullptr);

  void setSource(const QString& source, const QString& summary);
  void setCases(const std::vector<CaseLine>& cases);
  void setCurrent(const QString& id);
  /// A message beside the field; empty takes it away.
  void setProblem(const QString& text);
  void setCaseProblem(const QString& id, const QString& text);
  void step(int by);

 Q_SIGNALS:
  void openRequested(const QString& source);
  void browseRequested();
  void caseChosen(const QString& id);

 private:
  void filter(const QString& text);

  QLineEdit* source_;
  QLineEdit* search_;
  QListWidget* list_;
  QLabel* summary_;
  QLabel* problem_;
};

}  // namespace rind::panels
