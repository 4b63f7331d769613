#pragma once

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QString>
#include <QThread>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

namespace rind::rendering {

/// A thread with an OpenGL context of its own, which is current in every job that it is given. Jobs are done
/// one after the other, in the order in which they were asked for. Where the driver knows one thread only, or
/// before `start`, they are done by the interface's thread, with no other difference.
class RenderThread {
 public:
  /// `failed` is told, on the thread that did it, why a job of `later` ended early.
  explicit RenderThread(std::function<void(const QString& why)> failed);
  ~RenderThread();
  RenderThread(const RenderThread&) = delete;
  RenderThread& operator=(const RenderThread&) = delete;

  /// Makes the context; false where there is no OpenGL. To be called by the interface's thread.
  bool start();
  bool isStarted() const { return context_ != nullptr; }
  /// Does what is asked for still, then `last`, and gives the context back.
  void stop(const std::function<void()>& last);

  /// What it throws ends the job only.
  void later(std::function<void()> job);
  /// Waits for the job and what was asked for before it. What it throws is thrown here.
  template <class Job>
  auto now(Job job) -> decltype(job());

 private:
  void wait(const std::function<void()>& job);
  void makeCurrent();

  std::function<void(const QString& why)> failed_;
  QThread thread_;
  std::unique_ptr<QObject> worker_;  // its events are the jobs
  std::unique_ptr<QOffscreenSurface> surface_;
  std::unique_ptr<QOpenGLContext> context_;
};

template <class Job>
auto RenderThread::now(Job job) -> decltype(job()) {
  std::exception_ptr thrown;
  if constexpr (std::is_void_v<decltype(job())>) {
    wait([&] {
      try {
        job();
      } catch (...) {
        thrown = std::current_exception();
      }
    });
    if (thrown) std::rethrow_exception(thrown);
  } else {
    std::optional<decltype(job())> result;
    wait([&] {
      try {
        result.emplace(job());
      } catch (...) {
        thrown = std::current_exception();
      }
    });
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*result);
  }
}

}  // namespace rind::rendering
