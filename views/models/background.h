#pragma once

#include <QObject>
#include <QThreadPool>
#include <memory>
#include <utility>

#include "rind/models/give_way.h"

namespace rind::models {

/// Work off the interface's thread: `work` runs on a thread of its own pool, `done` with its result on the
/// owner's thread, before which it gives way. The owner's last member, so that nothing is left running when
/// the rest goes.
class Background {
 public:
  explicit Background(QObject* owner, int threads = 1) : owner_(owner) { pool_.setMaxThreadCount(threads); }
  ~Background() {
    pool_.clear();
    pool_.waitForDone();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  template <class Work, class Done>
  void run(Work work, Done done) {
    pool_.start([owner = owner_, work = std::move(work), done = std::move(done)]() mutable {
      giveWay();
      auto result = std::make_shared<decltype(work())>(work());
      QMetaObject::invokeMethod(
          owner, [done = std::move(done), result]() mutable { done(std::move(*result)); },
          Qt::QueuedConnection);
    });
  }

 private:
  QObject* owner_;
  QThreadPool pool_;
};

}  // namespace rind::models
