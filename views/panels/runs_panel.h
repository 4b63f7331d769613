#pragma once

#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QWidget>
#include <vector>

#include "rind/models/run_list.h"

namespace rind::panels {

/// The runs of a folder with their states, and what can be done with the selected one; two or more can be
/// compared.
class RunsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit RunsPanel(QWidget* parent = nullptr);

  enum Column { kName, kState, kEpochs, kBest, kLoss, kColumns };
  void setRuns(std::vector<models::RunLine> runs);
  /// Nothing may be opened, started or deleted while a training goes on.
  void setTraining(bool training);

 Q_SIGNALS:
  void openRequested(const QString& run);
  void resumeRequested(const QString& run);
  void duplicateRequested(const QString& run);
  void deleteRequested(const QString& run);
  /// Two or more, in the table's order from the oldest, with which the others are compared.
  void compareRequested(const QStringList& runs);
  void refreshRequested();

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QPushButton* addButton(QLayout& row, const QString& text, const char* name, const QString& tip);
  std::vector<const models::RunLine*> selection() const;
  /// The selected run where it is the only one.
  const models::RunLine* selected() const;
  void fillRow(int row, const models::RunLine& run);
  void enable();

  std::vector<models::RunLine> runs_;
  QTableWidget* table_;
  QLabel* empty_;
  QPushButton* open_ = nullptr;
  QPushButton* resume_ = nullptr;
  QPushButton* duplicate_ = nullptr;
  QPushButton* compare_ = nullptr;
  QPushButton* delete_ = nullptr;
  bool training_ = false;
};

}  // namespace rind::panels
