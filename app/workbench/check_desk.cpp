#include "rind/workbench/check_desk.h"

#include <QRegularExpression>

#include "rind/core/text.h"
#include "rind/models/give_way.h"

namespace rind::workbench {
namespace {

constexpr qint64 kBeforeGuess = 500;  // ms until the time that is left is told

}  // namespace

CheckDesk::CheckDesk(QString program, const CaseDesk& desk, const models::SettingsModel& settings)
    : program_(std::move(program)), desk_(desk), settings_(settings) {
  connect(&process_, &QProcess::readyReadStandardError, this, &CheckDesk::readProgress);
  connect(&process_, &QProcess::finished, this, &CheckDesk::ended);
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart)
      Q_EMIT failed(tr("The cases cannot be checked: %1 is missing or cannot be run.").arg(program_));
  });
#ifdef Q_OS_UNIX
  process_.setChildProcessModifier([] { models::giveWayToAllLast(); });
#endif
}

CheckDesk::~CheckDesk() {
  process_.disconnect(this);
  kill();
}

void CheckDesk::kill() {
  if (!isRunning()) return;
  process_.kill();
  process_.waitForFinished(2000);
}

// With the contour on the screen, for what is said of classes that are all band.
QStringList CheckDesk::arguments() const {
  QStringList words = {"inspect", "--data", desk_.source(), "--json", "--progress"};
  for (const char* key : {"iterations", "kernel", "border", "adaptive"}) {
    words << QStringLiteral("--") + key << QString::fromStdString(core::textOf(settings_.value(key)));
  }
  return words;
}

void CheckDesk::start() {
  if (!desk_.data() || isRunning()) return;
  last_words_.clear();
  since_.start();
  process_.start(program_, arguments());
  Q_EMIT progressed(0, static_cast<int>(desk_.data()->cases.size()), -1);
}

void CheckDesk::cancel() {
  if (!isRunning()) return;
  const QSignalBlocker quiet(&process_);
  kill();
  Q_EMIT cancelled();
}

void CheckDesk::restart() {
  cancel();
  if (desk_.data() && desk_.isSmall()) start();
}

void CheckDesk::readProgress() {
  static const QRegularExpression kProgress(QStringLiteral("^checked (\\d+) of (\\d+)$"));
  std::pair<int, int> newest;
  for (const QByteArray& bytes : process_.readAllStandardError().split('\n')) {
    const QString line = QString::fromUtf8(bytes).trimmed();
    const auto match = kProgress.match(line);
    if (match.hasMatch())
      newest = {match.captured(1).toInt(), match.captured(2).toInt()};
    else if (!line.isEmpty())
      last_words_ = line;
  }
  const auto [done, all] = newest;
  if (done == 0) return;
  const auto spent = since_.elapsed();
  const double left = static_cast<double>(spent) / 1000 / done * (all - done);
  Q_EMIT progressed(done, all, spent < kBeforeGuess ? -1 : left);
}

// Its status says whether something is wrong with the data, which is no failure here.
void CheckDesk::ended() {
  readProgress();
  const auto check = models::readDataCheck(process_.readAllStandardOutput());
  if (check)
    Q_EMIT finished(*check);
  else
    Q_EMIT failed(tr("The cases could not be checked: %1").arg(last_words_));
}

}  // namespace rind::workbench
