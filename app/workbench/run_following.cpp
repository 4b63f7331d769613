// A run that was opened, and what other processes write into its folder from then on.
#include "rind/core/settings.h"
#include "rind/workbench/run_control.h"

namespace rind::workbench {

using models::LogLine;

void RunControl::show(const models::RunFolder& opened) {
  run_.clear();
  folder_ = opened.path;
  applied_config_ = opened.config;
  said_only_drawn_ = false;
  run_.follow({opened, true, false, models::standingOf(opened)});
  sayBroken(opened.broken_lines);
  follower_.follow(opened);
  Q_EMIT folderChanged();
}

void RunControl::takeNews(const models::RunNews& news) {
  if (news.gone) {
    follower_.stop();
    run_.setState("unreadable", tr("its folder is not there any more; what it had written is shown"));
    return;
  }
  const bool was_held = run_.isHeld();
  const auto previewed_at = run_.preview().at;
  run_.follow(news);
  takeSettings(news.run.config);
  sayBroken(news.run.broken_lines);
  const auto& preview = run_.preview();
  if (!preview.file.empty() &&
      (preview.at.epoch != previewed_at.epoch || preview.at.time != previewed_at.time))
    Q_EMIT previewed(preview, {});
  if (was_held && !run_.isHeld()) sayEnd();
}

// What was moved here stays; the rest goes with the training.
void RunControl::takeSettings(const core::RunConfig& config) {
  const nlohmann::json moved = core::differences(applied_config_, settings_.config());
  nlohmann::json taken = core::differences(applied_config_, config);
  applied_config_ = config;
  for (const auto& [key, value] : moved.items()) taken.erase(key);
  if (!taken.empty()) settings_.setAll(taken);
}

void RunControl::sayBroken(std::size_t lines) {
  if (lines == 0) return;
  const QString text =
      lines == 1
          ? tr("One line of events.jsonl could not be read and was left out; the rest is shown.")
          : tr("%1 lines of events.jsonl could not be read and were left out; the rest is shown.").arg(lines);
  run_.addLog(LogLine::Level::warning, text);
  Q_EMIT noticed(text, false);
}

void RunControl::sayEnd() {
  const std::string& state = run_.state();
  if (state == "failed")
    Q_EMIT broke(tr("The training that was followed failed: %1").arg(run_.stateText()));
  else if (state == "crashed")
    Q_EMIT broke(tr("The training that was followed broke off: its process is gone.") + ' ' +
                 (run_.canResume() ? tr("Nothing is lost up to the last checkpoint: press Resume.")
                                   : tr("There was no checkpoint yet, so nothing can be resumed.")));
  else if (state == "stopped")
    Q_EMIT noticed(tr("The training that was followed was stopped; Resume goes on with it here."), false);
  else
    Q_EMIT noticed(tr("The training that was followed has finished."), false);
}

void RunControl::sayOnlyDrawn() {
  if (said_only_drawn_ || core::differences(applied_config_, settings_.config()).empty()) return;
  said_only_drawn_ = true;
  Q_EMIT noticed(
      tr("Another process trains this run: what you change here changes only what is drawn, and the "
         "next run that you start."),
      false);
}

}  // namespace rind::workbench
