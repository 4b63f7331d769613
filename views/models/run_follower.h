#pragma once

#include <QObject>
#include <QTimer>
#include <memory>

#include "rind/models/background.h"
#include "rind/models/run_news.h"

namespace rind::models {

/// Follows a run's folder while other processes may write into it: looks once a second, reads in the
/// background what was appended, and tells it on its owner's thread.
class RunFollower : public QObject {
  Q_OBJECT

 public:
  explicit RunFollower(QObject* parent = nullptr);
  ~RunFollower() override;

  /// From where `run` was read to.
  void follow(const RunFolder& run);
  void stop();
  bool isFollowing() const { return reader_ != nullptr; }

 Q_SIGNALS:
  /// Only where there is any.
  void news(const rind::models::RunNews& news);

 private:
  class Reader;
  void look();

  QTimer timer_;
  std::shared_ptr<Reader> reader_;  // used by one thread at a time
  bool looking_ = false;
  Background background_{this, 1};
};

}  // namespace rind::models
