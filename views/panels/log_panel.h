#pragma once

#include <QPlainTextEdit>

#include "rind/models/run_model.h"

namespace rind::panels {

/// What happened, with the time; the newest at the bottom.
class LogPanel : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit LogPanel(const models::RunModel& run, QWidget* parent = nullptr);

 private:
  void refresh();

  const models::RunModel& run_;
  std::size_t shown_ = 0;
  int generation_ = 0;  // of which they are
};

}  // namespace rind::panels
