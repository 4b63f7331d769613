#pragma once

#include <QTableWidget>

#include "rind/models/case_model.h"
#include "rind/models/run_model.h"

namespace rind::panels {

/// One line an organ: shown or hidden, colour, volume, share of its voxels in the band, DSC, and where its
/// loss lies. The worst stands out, and so does one that is all band.
class OrganTable : public QTableWidget {
  Q_OBJECT

 public:
  enum Column { kName, kVolume, kBand, kDsc, kTrend, kContour, kInterior, kColumns };

  OrganTable(models::CaseModel& shown, const models::RunModel& run, QWidget* parent = nullptr);

  /// For a run whose data set is not there.
  void setLabels(const core::LabelSet& labels);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void rebuild();
  void refresh();
  void fillRow(int row, std::size_t label);
  double dscOf(std::size_t label) const;

  models::CaseModel& case_;
  const models::RunModel& run_;
  core::LabelSet labels_;
  bool filling_ = false;
};

}  // namespace rind::panels
