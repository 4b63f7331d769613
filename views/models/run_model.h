#pragma once

#include <QFlags>
#include <QObject>
#include <QStringList>
#include <map>
#include <string>
#include <vector>

#include "rind/models/run_news.h"

namespace rind::models {

enum class RunChange { none = 0, losses = 1, scores = 2, state = 4, log = 8, markers = 16, case_scores = 32 };
Q_DECLARE_FLAGS(RunChanges, RunChange)

/// A change of parameters while the run went on.
struct Marker {
  double step = 0;
  int epoch = 0;
  QString text;
};

struct LogLine {
  enum class Level { note, warning, error };
  Level level = Level::note;
  double time = 0;  // seconds since 1970 UTC
  QString text;
};

/// Everything a run has said so far, from events.jsonl or live: the same events make the same model.
class RunModel : public QObject {
  Q_OBJECT

 public:
  explicit RunModel(QObject* parent = nullptr) : QObject(parent) {}

  /// "none", "starting", "loading", "preparing", "running", "paused", "stopping", "stopped", "finished",
  /// "failed", "crashed"; of a run that is only looked at: "held" (another process trains it, and it is
  /// followed), "elsewhere" (another machine began it).
  const std::string& state() const { return state_; }
  /// The state as a person says it; of a run that is followed: who trains it.
  QString stateWord() const;
  bool isActive() const;
  bool isHeld() const { return state_ == "held"; }
  bool isPaused() const;
  /// Whether it can go on from its last checkpoint.
  bool canResume() const;
  bool hasCheckpoint() const { return has_checkpoint_; }

  const std::vector<double>& steps() const { return steps_; }
  /// "total" and the loss's terms, each as long as steps().
  const std::map<std::string, std::vector<double>>& losses() const { return losses_; }
  const std::vector<double>& learningRates() const { return learning_rates_; }
  /// Patches trained with a second, over each step's own time (waiting for data is not in it); NaN where not
  /// known. As long as steps().
  const std::vector<double>& patchRates() const { return patch_rates_; }
  const std::vector<messages::Epoch>& epochs() const { return epochs_; }
  /// Of the validation cases with the best weights.
  const std::vector<CaseScore>& scores() const { return scores_; }
  void setScores(std::vector<CaseScore> scores);
  const std::vector<Marker>& markers() const { return markers_; }
  const std::vector<LogLine>& log() const { return log_; }
  /// How often everything was forgotten: the log and all else began anew then.
  int generation() const { return generation_; }
  const messages::Preview& preview() const { return preview_; }
  const nlohmann::json& config() const { return config_; }
  const QString& stateText() const { return state_text_; }
  /// "needs about 1.2 GiB of memory, 20.3 GiB are left" (the training device's, estimated before the first
  /// step); empty where it is not known.
  QString memoryText() const;

  /// Share done in [0, 1], negative where unknown.
  double progress() const;
  QString progressText() const;
  /// Seconds, negative where unknown.
  double secondsLeft() const;
  int epochsPlanned() const { return planned_epochs_; }
  double bestDsc() const;

  void clear();
  void apply(const messages::Event& event);
  /// Many at once, one `changed`.
  void applyAll(const std::vector<messages::Event>& events);
  /// What another process wrote, with how its run stands; one `changed`.
  void follow(const RunNews& news);
  /// One was found in the run's folder: whoever wrote it may have ended before it could say so.
  void foundCheckpoint() { has_checkpoint_ = true; }
  void setState(const std::string& state, const QString& text = {});
  void addLog(LogLine::Level level, const QString& text, double time = 0);

 Q_SIGNALS:
  void changed(rind::models::RunChanges what);

 private:
  RunChanges take(const messages::Started& event);
  RunChanges take(const messages::Step& event);
  RunChanges take(const messages::Epoch& event);
  RunChanges take(const messages::Parameters& event);
  RunChanges take(const messages::Checkpoint& event);
  RunChanges take(const messages::Preview& event);
  RunChanges take(const messages::Warning& event);
  RunChanges take(const messages::State& event);
  RunChanges take(const messages::Progress& event);
  RunChanges take(const messages::Ended& event);
  RunChanges takeAll(const std::vector<messages::Event>& events);
  void forget();
  void forgetAfter(std::int64_t step);
  bool goesOn() const;

  std::string state_ = "none";
  QString state_text_;
  RunStanding standing_;  // where it is not trained from here
  nlohmann::json config_;
  std::vector<double> steps_;
  std::map<std::string, std::vector<double>> losses_;
  std::vector<double> learning_rates_;
  std::vector<double> patch_rates_;
  std::vector<messages::Epoch> epochs_;
  std::vector<CaseScore> scores_;
  std::vector<Marker> markers_;
  std::vector<LogLine> log_;
  messages::Preview preview_;
  messages::Progress work_;
  std::int64_t steps_per_epoch_ = 0;
  int planned_patches_ = 0;  // a step, by the settings
  int planned_epochs_ = 0;
  double memory_needed_ = 0, memory_left_ = 0;
  int generation_ = 0;
  bool has_checkpoint_ = false;
};

/// "λ 0.5, n 4": changed settings as a label.
QString describeChanges(const nlohmann::json& changes);
/// "1 h 04 min", "12 min", "40 s".
QString describeSeconds(double seconds);

}  // namespace rind::models
Q_DECLARE_OPERATORS_FOR_FLAGS(rind::models::RunChanges)
