#pragma once

#include <QObject>
#include <QSet>
#include <QTimer>

#include "rind/models/run_model.h"
#include "rind/workbench/case_desk.h"
#include "rind/workbench/thumbnail_cache.h"

namespace rind::workbench {

/// Small pictures of cases for a list of them, made one at a time by a thread that comes behind all others.
/// Nothing is begun while something for the screen is read; while this window trains, only what is kept from
/// earlier is shown.
class ThumbnailDesk : public QObject {
  Q_OBJECT

 public:
  ThumbnailDesk(const CaseDesk& desk, const Activity& activity, const models::RunModel& run);
  ~ThumbnailDesk() override { *cancel_ = true; }

  /// Another folder than the user's cache.
  void keepIn(const std::filesystem::path& folder) { cache_ = std::make_shared<ThumbnailCache>(folder); }
  /// The cases that are seen and have no picture yet, in place of those that were wanted before.
  void want(const QStringList& ids);
  /// Another data set is open, or none.
  void restart();
  void setOn(bool on);
  bool isOn() const { return on_; }
  /// Whether nothing is under way and nothing can be begun.
  bool isIdle() const { return !busy_ && next().isEmpty(); }

 Q_SIGNALS:
  void drawn(const QString& id, const QImage& picture);
  void failed(const QString& id, const QString& why);

 private:
  struct Order;
  struct Result;
  static Result carryOut(const Order& order);
  QString next() const;
  void goOn();
  void take(const QString& id, const Result& result);
  void interrupt();

  const CaseDesk& desk_;
  const Activity& activity_;
  const models::RunModel& run_;
  std::shared_ptr<const datasets::DataSet> data_;
  std::shared_ptr<ThumbnailCache> cache_;
  std::shared_ptr<std::atomic<bool>> cancel_ = std::make_shared<std::atomic<bool>>(false);
  QStringList wanted_;
  QSet<QString> failed_;
  QSet<QString> not_kept_;  // looked for in vain while a training runs
  QTimer soon_;
  bool on_ = true;
  bool busy_ = false;
  models::Background background_{this, 1};
};

}  // namespace rind::workbench
