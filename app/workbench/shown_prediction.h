#pragma once

#include <QObject>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>

#include "rind/messages/events.h"
#include "rind/models/background.h"
#include "rind/models/case_model.h"

namespace rind::workbench {

/// Lays a run's kept prediction (the newest, or an earlier epoch's) over its case when that is on the screen.
class ShownPrediction : public QObject {
  Q_OBJECT

 public:
  explicit ShownPrediction(models::CaseModel& shown) : case_(shown) {}

  /// What just came from the engine; `payload` holds the compressed labels.
  void take(const messages::Preview& preview, const std::string& payload, const std::filesystem::path& run);
  /// The newest of a run that was opened.
  void open(const messages::Preview& preview, const std::filesystem::path& run) { take(preview, {}, run); }
  void forget();
  /// An epoch's, 0 for the newest.
  void showEpoch(int epoch);
  /// Reads and shows it where its case is on the screen.
  void show();

  /// One is being read.
  bool isReading() const { return reading_ > 0; }
  /// Empty where there is none.
  QString caseId() const { return newest_ ? QString::fromStdString(newest_->case_id) : QString(); }

 Q_SIGNALS:
  /// The answer to every wish but those that a newer one made void: why an epoch's prediction cannot be
  /// shown, empty once one is and where there is nothing to show.
  void problem(const QString& text);

 private:
  struct Kept {
    std::string case_id;
    int epoch = 0;
    std::string payload;         // gzip-compressed labels, or empty:
    std::filesystem::path file;  // then they are here
  };

  models::CaseModel& case_;
  std::optional<Kept> newest_;
  std::optional<Kept> wanted_;
  std::filesystem::path run_;
  std::shared_ptr<std::atomic<int>> wish_ = std::make_shared<std::atomic<int>>(0);  // the newest
  int reading_ = 0;
  models::Background background_{this, 1};
};

}  // namespace rind::workbench
