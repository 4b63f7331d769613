#include "rind/models/run_model.h"

#include <QDateTime>
#include <algorithm>
#include <cmath>

#include "rind/models/run_state.h"

namespace rind::models {
namespace {

constexpr auto kNan = std::numeric_limits<double>::quiet_NaN();

// 0: not known.
int plannedPatches(const nlohmann::json& config) {
  const auto whole = [&](const char* key, int otherwise) {
    const auto at = config.find(key);
    return at != config.end() && at->is_number() ? at->get<int>() : otherwise;
  };
  return config.is_object() ? whole("batch", 0) * whole("accumulate", 1) : 0;
}

}  // namespace

bool RunModel::isActive() const {
  return isActiveState(state_);
}

bool RunModel::isPaused() const {
  return state_ == "paused" || (isHeld() && models::isPaused(standing_));
}

QString RunModel::stateWord() const {
  return state_ == "held" || state_ == "elsewhere" ? titleOf(standing_) : models::stateWord(state_);
}

bool RunModel::canResume() const {
  const bool left = state_ == "stopped" || state_ == "failed" || state_ == "crashed" || state_ == "elsewhere";
  return has_checkpoint_ && left;
}

void RunModel::forget() {
  ++generation_;
  state_ = "none";
  state_text_.clear();
  standing_ = {};
  config_ = nlohmann::json::object();
  steps_.clear();
  losses_.clear();
  learning_rates_.clear();
  patch_rates_.clear();
  epochs_.clear();
  scores_.clear();
  markers_.clear();
  log_.clear();
  preview_ = {};
  work_ = {};
  steps_per_epoch_ = 0;
  planned_patches_ = 0;
  memory_needed_ = memory_left_ = 0;
  planned_epochs_ = 0;
  has_checkpoint_ = false;
}

void RunModel::clear() {
  forget();
  Q_EMIT changed(RunChange::losses | RunChange::scores | RunChange::state | RunChange::log |
                 RunChange::markers);
}

void RunModel::setScores(std::vector<CaseScore> scores) {
  scores_ = std::move(scores);
  Q_EMIT changed(RunChange::case_scores);
}

void RunModel::apply(const messages::Event& event) {
  applyAll({event});
}

void RunModel::applyAll(const std::vector<messages::Event>& events) {
  if (const auto what = takeAll(events)) Q_EMIT changed(what);
}

RunChanges RunModel::takeAll(const std::vector<messages::Event>& events) {
  RunChanges what;
  for (const auto& event : events) what |= std::visit([this](const auto& e) { return take(e); }, event);
  return what;
}

void RunModel::follow(const RunNews& news) {
  RunChanges what = RunChange::state;
  if (news.anew) {
    forget();
    what = RunChange::losses | RunChange::scores | RunChange::state | RunChange::log | RunChange::markers;
  }
  what |= takeAll(news.run.events);
  if (news.anew || !news.run.scores.empty()) {
    scores_ = news.run.scores;
    what |= RunChange::case_scores;
  }
  has_checkpoint_ = news.run.has_checkpoint;
  standing_ = news.standing;
  const bool ended = state_ == standing_.state && !isActive();  // by its own words
  state_ = models::isHeld(standing_) ? "held" : standing_.state;
  if (!ended) state_text_ = followedText(standing_, log_.empty() ? 0 : log_.back().time);
  Q_EMIT changed(what);
}

void RunModel::setState(const std::string& state, const QString& text) {
  if (state == state_ && text == state_text_) return;
  state_ = state;
  state_text_ = text;
  Q_EMIT changed(RunChange::state);
}

void RunModel::addLog(LogLine::Level level, const QString& text, double time) {
  if (time <= 0) time = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
  log_.push_back({level, time, text});
  Q_EMIT changed(RunChange::log);
}

// A resumed run repeats what came after its last checkpoint.
void RunModel::forgetAfter(std::int64_t step) {
  const auto keep = static_cast<std::size_t>(
      std::upper_bound(steps_.begin(), steps_.end(), static_cast<double>(step)) - steps_.begin());
  steps_.resize(keep);
  learning_rates_.resize(keep);
  patch_rates_.resize(keep);
  for (auto& [name, values] : losses_) values.resize(std::min(keep, values.size()), kNan);
  std::erase_if(epochs_, [&](const auto& epoch) { return epoch.at.step > step; });
}

RunChanges RunModel::take(const messages::Started& event) {
  forgetAfter(event.resumed_from);
  config_ = event.config;
  planned_patches_ = plannedPatches(config_);
  steps_per_epoch_ = event.steps_per_epoch;
  planned_epochs_ = event.epochs;
  memory_needed_ = event.memory_needed;
  memory_left_ = event.memory_left;
  state_ = "running";
  QString text =
      event.resumed_from > 0
          ? tr("Training goes on from step %1").arg(event.resumed_from)
          : tr("Training starts: %1 epochs of %2 steps").arg(event.epochs).arg(event.steps_per_epoch);
  if (!memoryText().isEmpty()) text += QStringLiteral("; ") + memoryText();
  log_.push_back({LogLine::Level::note, event.at.time, text});
  return RunChange::losses | RunChange::scores | RunChange::state | RunChange::log;
}

RunChanges RunModel::take(const messages::Step& event) {
  const auto step = static_cast<double>(event.at.step);
  if (!steps_.empty() && step <= steps_.back()) forgetAfter(event.at.step - 1);
  steps_.push_back(step);
  learning_rates_.push_back(event.learning_rate);
  // Runs of before steps said it: what the settings plan, which an epoch's last step may not have had.
  const int patches = event.patches > 0 ? event.patches : planned_patches_;
  patch_rates_.push_back(patches > 0 && event.seconds > 0 ? patches / event.seconds : kNan);
  const auto put = [this](const std::string& name, double value) {
    auto& values = losses_[name];
    values.resize(steps_.size() - 1, kNan);
    values.push_back(value);
  };
  put("total", event.loss);
  for (const auto& [name, value] : event.terms) put(name, value);
  for (auto& [name, values] : losses_) values.resize(steps_.size(), kNan);
  return RunChange::losses;
}

RunChanges RunModel::take(const messages::Epoch& event) {
  std::erase_if(epochs_, [&](const auto& epoch) { return epoch.at.epoch == event.at.epoch; });
  epochs_.push_back(event);
  log_.push_back({LogLine::Level::note, event.at.time,
                  tr("Epoch %1: loss %2, DSC %3%4, %5")
                      .arg(event.at.epoch)
                      .arg(event.loss, 0, 'f', 4)
                      .arg(event.mean_dsc, 0, 'f', 3)
                      .arg(event.best ? tr(" (best)") : QString())
                      .arg(describeSeconds(event.seconds))});
  return RunChange::scores | RunChange::log | RunChange::state;
}

RunChanges RunModel::take(const messages::Parameters& event) {
  const QString text = describeChanges(event.changes);
  markers_.push_back({static_cast<double>(event.at.step), event.at.epoch, text});
  log_.push_back(
      {LogLine::Level::note, event.at.time, tr("From step %1: %2").arg(event.at.step + 1).arg(text)});
  if (event.changes.contains("epochs") && event.changes["epochs"].is_number())
    planned_epochs_ = event.changes["epochs"].get<int>();
  return RunChange::markers | RunChange::losses | RunChange::log | RunChange::state;
}

RunChanges RunModel::take(const messages::Checkpoint&) {
  has_checkpoint_ = true;
  return RunChange::state;
}

RunChanges RunModel::take(const messages::Preview& event) {
  preview_ = event;
  return RunChange::none;
}

RunChanges RunModel::take(const messages::Warning& event) {
  log_.push_back({LogLine::Level::warning, event.at.time, QString::fromStdString(event.text)});
  return RunChange::log;
}

RunChanges RunModel::take(const messages::State& event) {
  if (state_ == "stopping" && (event.state == "running" || event.state == "paused")) return RunChange::none;
  state_ = event.state;
  state_text_ = QString::fromStdString(event.text);
  return RunChange::state;
}

RunChanges RunModel::take(const messages::Progress& event) {
  work_ = event;
  return RunChange::state;
}

RunChanges RunModel::take(const messages::Ended& event) {
  state_ = event.reason;
  state_text_ = QString::fromStdString(event.text);
  const bool failed = event.reason == "failed";
  QString text = failed                      ? tr("Training failed: %1").arg(state_text_)
                 : event.reason == "stopped" ? tr("Training stopped; it can be resumed")
                                             : tr("Training finished");
  if (event.best_epoch > 0 && std::isfinite(event.mean_dsc))
    text += tr(" · best mean DSC %1 at epoch %2").arg(event.mean_dsc, 0, 'f', 3).arg(event.best_epoch);
  log_.push_back({failed ? LogLine::Level::error : LogLine::Level::note, event.at.time, text});
  return RunChange::state | RunChange::log;
}

}  // namespace rind::models
