// The data set in the window: its cases, what they are for and what is wrong with them.
#include "rind/workbench/main_window.h"

namespace rind::workbench {
namespace {

/// By case; those that are trained with have none.
QHash<QString, QString> purposesOf(const datasets::Split& split) {
  QHash<QString, QString> purposes;
  for (const auto& id : split.validation) purposes[QString::fromStdString(id)] = QObject::tr("validation");
  return purposes;
}

QStringList idsOf(const datasets::DataSet& data) {
  QStringList ids;
  for (const auto& one : data.cases) ids << QString::fromStdString(one.id);
  return ids;
}

QString summaryOf(const datasets::DataSet& data, const datasets::Split& split) {
  return QObject::tr("%1: %2 cases, %3 classes; %4 to train, %5 to validate")
      .arg(QString::fromStdString(data.name))
      .arg(data.cases.size())
      .arg(data.labels.size())
      .arg(split.training.size())
      .arg(split.validation.size());
}

}  // namespace

void MainWindow::connectCases(panels::CaseList& cases) {
  auto& thumbnails = session_.thumbnails();
  connect(&cases, &panels::CaseList::caseChosen, this,
          [this](const QString& id) { session_.showCase(id, true); });
  connect(&session_, &Session::caseChanged, &cases, &panels::CaseList::setCurrent);
  connect(&cases, &panels::CaseList::picturesWanted, &thumbnails, &ThumbnailDesk::want);
  connect(&thumbnails, &ThumbnailDesk::drawn, &cases, &panels::CaseList::setPicture);
  connect(&thumbnails, &ThumbnailDesk::failed, &cases, &panels::CaseList::setProblem);
}

void MainWindow::connectChecks(panels::CheckRow& row) {
  auto& checks = session_.checks();
  connect(&row, &panels::CheckRow::checkRequested, &checks, &CheckDesk::start);
  connect(&row, &panels::CheckRow::cancelRequested, &checks, &CheckDesk::cancel);
  connect(&checks, &CheckDesk::progressed, &row, &panels::CheckRow::showProgress);
  connect(&checks, &CheckDesk::cancelled, &row, &panels::CheckRow::showUnchecked);
  connect(&checks, &CheckDesk::failed, &row, &panels::CheckRow::showFailed);
  connect(&checks, &CheckDesk::finished, data_, &panels::DataPanel::setChecked);
}

void MainWindow::showSplit() {
  if (!session_.data()) return;
  data_->setSource(session_.source(), summaryOf(*session_.data(), session_.split()));
  data_->cases().setPurposes(purposesOf(session_.split()));
}

void MainWindow::showData() {
  const auto& opened = session_.data();
  scores_->setLabels(session_.labels());
  details_->setLabels(session_.labels());
  organs_->setLabels(session_.labels());
  if (opened) {
    views_->setEmptyText(tr("Loading the first case …"));
    data_->setProblem({});
    data_->setCases(idsOf(*opened));
    showSplit();
  } else if (!session_.runFolder().empty()) {
    data_->setCases({});
    data_->setSource(session_.source(), {});
    views_->setEmptyText(
        tr("This run's data set is not open: its scores and curves are shown, its images are not."));
  } else {
    views_->setEmptyText(
        tr("Open a data set: type its folder or phantom:amos on the left, or drop a folder here."));
  }
  showState();
}

}  // namespace rind::workbench
