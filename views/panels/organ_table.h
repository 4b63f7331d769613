#pragma once

#include <QTableWidget>

#include "rind/models/case_model.h"
#include "rind/models/probe_model.h"
#include "rind/models/run_model.h"

namespace rind::panels {

/// One line an organ: shown or hidden, colour, volume, share of its voxels in the band, scores, and where its
/// loss and its gradient lie. The worst stands out, and so does one that is all band; one that is absent is
/// told from one that was missed. Which columns are shown is chosen with the header's menu.
class OrganTable : public QTableWidget {
  Q_OBJECT

 public:
  enum Column { kName, kVolume, kBand, kDsc, kNsd, kHd95, kTrend, kGradient, kContour, kInterior, kColumns };

  OrganTable(models::CaseModel& shown, const models::RunModel& run, const models::ProbeModel& probe,
             QWidget* parent = nullptr);

  /// Of the open data set, or of a run whose data set is not there.
  void setLabels(const core::LabelSet& labels);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void makeColumns();
  void connectModels();
  void chooseColumns(const QPoint& at);
  void fitName();
  void rebuild();
  void refresh();
  void refreshGradient();
  void fillRow(int row, std::size_t label);
  void fillBand(int row, std::size_t label);
  void fillScores(int row, std::size_t label);
  void fillLosses(int row, std::size_t label);
  void markWorst();
  void put(int row, int column, double value, const QString& text);
  std::size_t labelOf(int row) const;
  double dscOf(std::size_t label) const;

  models::CaseModel& case_;
  const models::RunModel& run_;
  const models::ProbeModel& probe_;
  core::LabelSet labels_;
  bool filling_ = false;
  bool ticked_ = false;          // by the click that is under way: it selects nothing then
  bool columns_chosen_ = false;  // by hand
};

}  // namespace rind::panels
