#pragma once

#include "rind/models/run_model.h"
#include "rind/panels/elided_label.h"

namespace rind::panels {

/// Which epochs the scores of the organ table are of: "DSC: epoch 24 · NSD, HD95: epoch 22, the best". Empty
/// before the first epoch.
class ScoreOrigin : public ElidedLabel {
  Q_OBJECT

 public:
  explicit ScoreOrigin(const models::RunModel& run, QWidget* parent = nullptr);

 private:
  void refresh(const models::RunModel& run);
};

}  // namespace rind::panels
