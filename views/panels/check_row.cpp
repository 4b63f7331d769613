#include "rind/panels/check_row.h"

#include <QHBoxLayout>

#include "rind/models/run_model.h"

namespace rind::panels {
namespace {

QString asLines(const QStringList& texts) {
  QString lines;
  for (const auto& text : texts) lines += "<p>" + text.toHtmlEscaped() + "</p>";
  return lines;
}

}  // namespace

CheckRow::CheckRow(QWidget* parent) : QWidget(parent), text_(new QLabel), button_(new QPushButton) {
  setObjectName("checkRow");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  text_->setObjectName("checkState");
  text_->setProperty("role", "quiet");
  text_->setWordWrap(true);
  button_->setObjectName("check");
  button_->setToolTip(
      tr("Look at every voxel of every case: files that cannot be read, voxels that are no number, labels "
         "that do not fit their image or the classes, copies of a case"));
  row->addWidget(text_, 1);
  row->addWidget(button_, 0, Qt::AlignTop);
  connect(button_, &QPushButton::clicked, this,
          [this] { running_ ? Q_EMIT cancelRequested() : Q_EMIT checkRequested(); });
  connect(text_, &QLabel::linkActivated, this, &CheckRow::problemsRequested);
  showUnchecked();
}

void CheckRow::show(const QString& text, const QString& tip, const QString& button) {
  text_->setText(text);
  text_->setToolTip(tip);
  button_->setText(button);
  button_->setAccessibleName(running_ ? tr("Stop checking the cases") : tr("Check all cases"));
}

void CheckRow::showUnchecked() {
  running_ = false;
  show(tr("Cases not checked yet"), {}, tr("Check"));
}

void CheckRow::showProgress(int done, int all, double seconds_left) {
  running_ = true;
  const QString text = tr("checked %1 of %2").arg(done).arg(all);
  show(seconds_left < 0 ? text : tr("%1 · %2 left").arg(text, models::describeSeconds(seconds_left)), {},
       tr("Cancel"));
}

void CheckRow::showFound(int cases, const models::DataCheck& check) {
  running_ = false;
  const auto wrong = check.problems.size();
  QString text = wrong > 0
                     ? tr("%1 checked, <a href=\"problems\">⚠ %2 with problems</a>").arg(cases).arg(wrong)
                     : tr("✓ all %1 checked").arg(cases);
  if (!check.remarks.isEmpty()) text += tr("; remarks in the log");
  show(text, asLines(check.remarks), tr("Check"));
}

void CheckRow::showFailed(const QString& why) {
  running_ = false;
  show(why.toHtmlEscaped(), {}, tr("Check"));
}

}  // namespace rind::panels
