#include "rind/workbench/run_control.h"

#include <variant>

#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/models/setting_domain.h"

namespace rind::workbench {
namespace {

using models::LogLine;

// A run that has begun keeps what cannot change while it goes on.
nlohmann::json liveSettings(const core::RunConfig& config) {
  nlohmann::json live = nlohmann::json::object();
  for (const auto& setting : core::settings())
    if (setting.live) live[setting.key] = setting.write(config);
  return live;
}

QString namesOf(const nlohmann::json& values) {
  QStringList names;
  for (const auto& [key, value] : values.items()) names << models::labelOf(key);
  return names.join(QStringLiteral(", "));
}

QString sentence(const std::string& text) {
  return QString::fromStdString(text);
}

}  // namespace

RunControl::RunControl(QStringList engine, models::SettingsModel& settings, models::RunModel& run,
                       Activity& activity)
    : settings_(settings), run_(run), activity_(activity), engine_(std::move(engine)) {
  apply_later_.setSingleShot(true);
  apply_later_.setInterval(30);
  connect(&apply_later_, &QTimer::timeout, this, &RunControl::applyChanges);
  connect(&settings_, &models::SettingsModel::changed, this, [this] {
    if (applied_) apply_later_.start();
  });
  connect(&engine_, &models::EngineClient::event, this, &RunControl::take);
  connect(&engine_, &models::EngineClient::crashed, this, &RunControl::crashed);
  connect(&engine_, &models::EngineClient::otherVersion, this,
          [this](const QString& text) { Q_EMIT noticed(text, true); });
  connect(&engine_, &models::EngineClient::logged, this,
          [this](const QString& line) { run_.addLog(LogLine::Level::warning, tr("Engine: %1").arg(line)); });
  connect(&follower_, &models::RunFollower::news, this, &RunControl::takeNews);
}

void RunControl::forget() {
  follower_.stop();
  run_.clear();
  folder_.clear();
  Q_EMIT folderChanged();
}

void RunControl::start(const std::filesystem::path& folder, bool or_next) {
  try {
    core::validate(settings_.config());
  } catch (const core::InputError& error) {
    Q_EMIT noticed(QString::fromUtf8(error.what()), true);
    return;
  }
  run_.clear();
  begin(folder, false, or_next);
}

void RunControl::begin(const std::filesystem::path& folder, bool resume, bool or_next) {
  follower_.stop();
  std::error_code ignored;
  folder_ = std::filesystem::absolute(folder, ignored);
  const nlohmann::json wanted =
      resume ? liveSettings(settings_.config()) : nlohmann::json(settings_.config());
  core::applySettings(applied_config_, wanted);
  waiting_ = nlohmann::json::object();
  run_.setState("starting");
  run_.addLog(LogLine::Level::note,
              (resume ? tr("Resuming %1") : tr("Training into %1")).arg(sentence(folder_.string())));
  Q_EMIT folderChanged();
  engine_.send(messages::Start{wanted, folder_.string(), resume, or_next},
               [this](const messages::Reply& reply) { began(reply); });
}

void RunControl::began(const messages::Reply& reply) {
  if (reply.ok) {
    const std::filesystem::path taken = reply.result.value("run", folder_.string());
    if (taken == folder_) return;
    folder_ = taken;
    run_.addLog(
        LogLine::Level::note,
        tr("That folder is taken where the engine runs: training into %1").arg(sentence(folder_.string())));
    Q_EMIT folderChanged();
  } else if (run_.state() != "crashed") {
    run_.setState("failed", sentence(reply.error));
    run_.addLog(LogLine::Level::error, sentence(reply.error));
    Q_EMIT broke(sentence(reply.error));
  }
}

void RunControl::pause() {
  if (run_.state() == "running") engine_.send(messages::Pause{});
}

void RunControl::resume() {
  if (run_.state() == "paused")
    engine_.send(messages::Resume{});
  else if (run_.canResume())
    begin(folder_, true);
}

void RunControl::stop() {
  if (!run_.isActive()) return;
  run_.setState("stopping", tr("saving a checkpoint"));
  engine_.send(messages::Stop{});
}

void RunControl::exportModel(const QString& path, const QString& format) {
  if (folder_.empty()) return;
  activity_.begin(tr("Exporting the model …"));
  engine_.send(messages::Export{folder_.string(), format.toStdString(), path.toStdString()},
               [this, path](const messages::Reply& reply) {
                 activity_.end();
                 if (!reply.ok) {
                   Q_EMIT noticed(tr("Export: %1").arg(sentence(reply.error)), true);
                   return;
                 }
                 run_.addLog(LogLine::Level::note, tr("Model exported to %1").arg(path));
                 const QString warning = sentence(reply.result.value("warning", std::string()));
                 if (!warning.isEmpty()) run_.addLog(LogLine::Level::warning, warning);
                 Q_EMIT noticed(
                     tr("The model is in %1").arg(path) + (warning.isEmpty() ? "" : "; " + warning), false);
                 Q_EMIT exported(path);
               });
}

void RunControl::setApplied(bool applied) {
  applied_ = applied;
  if (applied_) apply_later_.start();
}

void RunControl::applyChanges() {
  if (run_.isHeld()) sayOnlyDrawn();
  const bool takes = run_.state() == "running" || run_.state() == "paused";
  if (!applied_ || !takes) return;
  const nlohmann::json changes = core::differences(applied_config_, settings_.config());
  nlohmann::json live = nlohmann::json::object();
  nlohmann::json waiting = nlohmann::json::object();
  for (const auto& [key, value] : changes.items()) (core::setting(key).live ? live : waiting)[key] = value;
  sayWhatWaits(waiting, live);
  if (live.empty()) return;
  core::applySettings(applied_config_, live);
  engine_.send(messages::Set{live}, [this](const messages::Reply& reply) {
    if (!reply.ok)
      Q_EMIT noticed(tr("The training did not take the change: %1").arg(sentence(reply.error)), true);
  });
}

void RunControl::sayWhatWaits(const nlohmann::json& waiting, const nlohmann::json& taken) {
  if (waiting == waiting_) return;
  waiting_ = waiting;
  if (waiting.empty()) {
    Q_EMIT noticed(tr("The training has the settings on the left again; nothing waits for the next run."),
                   false);
    return;
  }
  QString text = tr("Waits for the next run: %1. The running training keeps what it was started with.")
                     .arg(namesOf(waiting));
  if (!taken.empty()) text += ' ' + tr("Taken at its next step: %1.").arg(namesOf(taken));
  Q_EMIT noticed(text, false);
}

void RunControl::take(const messages::Event& event, const std::string& payload) {
  run_.apply(event);
  const auto* said = std::get_if<messages::State>(&event);
  if (said != nullptr && said->state == "running" && applied_) apply_later_.start();
  if (const auto* preview = std::get_if<messages::Preview>(&event)) Q_EMIT previewed(*preview, payload);
  const auto* written = std::get_if<messages::Checkpoint>(&event);
  if (written != nullptr && written->file == "checkpoints/best.weights") readScores();
  if (const auto* ended = std::get_if<messages::Ended>(&event))
    if (ended->reason == "failed") Q_EMIT broke(tr("Training failed: %1").arg(sentence(ended->text)));
}

// The engine writes them with the best weights.
void RunControl::readScores() {
  background_.run([file = folder_ / "scores.csv"] { return models::readScoreFile(file); },
                  [this, folder = folder_](models::ScoreFile file) {
                    if (folder == folder_) run_.setScores(std::move(file.scores));
                  });
}

void RunControl::crashed(const QString& why) {
  const bool was_training = run_.isActive();
  run_.addLog(LogLine::Level::error, why);
  if (!was_training) {
    Q_EMIT noticed(why, true);
    return;
  }
  if (models::holdsCheckpoint(folder_)) run_.foundCheckpoint();
  run_.setState("crashed", why);
  Q_EMIT broke(why + ' ' +
               (run_.canResume()
                    ? tr("Nothing is lost up to the last checkpoint: press Resume.")
                    : tr("There was no checkpoint yet, so nothing can be resumed: press Start again.")));
}

}  // namespace rind::workbench
