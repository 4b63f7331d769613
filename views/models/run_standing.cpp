#include "rind/models/run_standing.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <cstdio>
#include <fstream>
#include <utility>

#include "rind/core/host.h"
#include "rind/models/run_state.h"

namespace rind::models {
namespace {

namespace fs = std::filesystem;

QString text(const char* source) {
  return QCoreApplication::translate("RunStanding", source);
}

// "gpu-host, process 7", as the trainer wrote it; in the next line why it waits, if it does.
void readOwner(const fs::path& lock, RunStanding& standing) {
  std::ifstream file(lock);
  std::string owner;
  std::getline(file, owner);
  const auto comma = owner.find(',');
  if (comma == std::string::npos) return;
  standing.host = owner.substr(0, comma);
  std::sscanf(owner.c_str() + comma, ", process %d", &standing.process);
  std::getline(file, standing.waits_for);
  standing.waits_for.erase(standing.waits_for.find_last_not_of(' ') + 1);
}

// The state follows the program's name, which stands in parentheses and may hold some.
bool isSuspended(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  return name_end != std::string::npos && line.size() > name_end + 2 && line[name_end + 2] == 'T';
}

QString explainElsewhere(const RunStanding& standing, double time) {
  const auto last = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(time));
  return (standing.paused_there
              ? text(QT_TRANSLATE_NOOP(
                    "RunStanding",
                    "It was begun on %1 and has no end here; its last entry, of %2, says "
                    "that it was paused. Resume it here only where nobody trains it there."))
              : text(QT_TRANSLATE_NOOP("RunStanding",
                                       "It was begun on %1 and has no end here; its last entry is of %2. "
                                       "Resume it here only where nobody trains it there.")))
      .arg(QString::fromStdString(standing.host), QLocale().toString(last, QLocale::ShortFormat));
}

}  // namespace

std::string lastSaid(std::string before, const std::vector<messages::Event>& events) {
  std::string said = std::move(before);
  for (const auto& event : events) {
    if (std::holds_alternative<messages::Started>(event))
      said.clear();
    else if (const auto* state = std::get_if<messages::State>(&event))
      said = state->state == "paused" ? state->state : std::string();
    else if (const auto* ended = std::get_if<messages::Ended>(&event))
      said = ended->reason;
  }
  return said;
}

// The lock is held as long as its process lives.
bool isTrainedHere(const fs::path& run) {
  const int file = ::open((run / "lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0;
  ::close(file);
  return held;
}

RunStanding standingOf(const fs::path& run, const std::string& said, bool is_trained_here) {
  RunStanding standing;
  readOwner(run / "lock", standing);
  if (!said.empty() && said != "paused") {
    standing.state = said;
  } else if (!standing.host.empty() && standing.host != core::hostName()) {
    standing.state = "elsewhere";
    standing.paused_there = said == "paused";
  } else if (is_trained_here) {
    standing.suspended = standing.process > 0 && isSuspended(standing.process);
    const bool waits = said == "paused" || standing.suspended || !standing.waits_for.empty();
    standing.state = waits ? "paused" : "running";
    return standing;
  } else {
    standing.state = "crashed";
  }
  standing.waits_for.clear();
  return standing;
}

RunStanding standingOf(const RunFolder& run) {
  return standingOf(run.path, lastSaid({}, run.events), isTrainedHere(run.path));
}

bool isHeld(const RunStanding& standing) {
  return isActiveState(standing.state) || (standing.state == "elsewhere" && standing.goes_on);
}

bool isPaused(const RunStanding& standing) {
  return standing.state == "paused" || standing.paused_there;
}

QString wordOf(const RunStanding& standing) {
  if (standing.state != "elsewhere" || standing.host.empty()) return stateWord(standing.state);
  const char* word = standing.paused_there ? QT_TRANSLATE_NOOP("RunStanding", "❚❚ on %1")
                                           : QT_TRANSLATE_NOOP("RunStanding", "on %1");
  return text(word).arg(QString::fromStdString(standing.host));
}

QString titleOf(const RunStanding& standing) {
  if (!isHeld(standing)) return wordOf(standing);
  const bool elsewhere = standing.state == "elsewhere";
  if (!elsewhere && standing.process <= 0) return stateWord("held");
  const char* title = elsewhere ? QT_TRANSLATE_NOOP("RunStanding", "trained on %1")
                                : QT_TRANSLATE_NOOP("RunStanding", "trained by process %1");
  if (isPaused(standing))
    title = elsewhere ? QT_TRANSLATE_NOOP("RunStanding", "❚❚ paused on %1")
                      : QT_TRANSLATE_NOOP("RunStanding", "❚❚ paused in process %1");
  return text(title).arg(elsewhere ? QString::fromStdString(standing.host)
                                   : QString::number(standing.process));
}

QString explanationOf(const RunStanding& standing, double time) {
  if (standing.state == "elsewhere" && !standing.host.empty()) return explainElsewhere(standing, time);
  if (standing.process <= 0) return stateExplanation(standing.state);
  if (standing.suspended)
    return text(QT_TRANSLATE_NOOP("RunStanding",
                                  "Process %1 on this machine trains it and was suspended (Ctrl+Z); “fg” in "
                                  "its shell goes on with it."))
        .arg(standing.process);
  if (!standing.waits_for.empty())
    return text(QT_TRANSLATE_NOOP(
                    "RunStanding",
                    "Process %1 on this machine trains it and waits; it goes on by itself. It says: "
                    "“%2”"))
        .arg(QString::number(standing.process), QString::fromStdString(standing.waits_for));
  if (standing.state == "paused")
    return text(QT_TRANSLATE_NOOP("RunStanding",
                                  "Process %1 on this machine has paused it; it goes on from where it was "
                                  "started."))
        .arg(standing.process);
  if (standing.state == "running")
    return text(QT_TRANSLATE_NOOP("RunStanding", "Process %1 on this machine trains it now."))
        .arg(standing.process);
  return stateExplanation(standing.state);
}

QString followedText(const RunStanding& standing, double time) {
  if (!standing.waits_for.empty()) return QString::fromStdString(standing.waits_for);
  const bool waits = isPaused(standing) && standing.state != "elsewhere";
  if (waits || !isHeld(standing)) return explanationOf(standing, time);
  return text(QT_TRANSLATE_NOOP("RunStanding",
                                "what it writes is followed; it is paused and stopped where it was started"));
}

}  // namespace rind::models
