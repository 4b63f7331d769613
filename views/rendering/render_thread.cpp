#include "rind/rendering/render_thread.h"

#include <QCoreApplication>

#include "rind/models/give_way.h"

namespace rind::rendering {

RenderThread::RenderThread(std::function<void(const QString& why)> failed)
    : failed_(std::move(failed)), worker_(std::make_unique<QObject>()) {
  thread_.setObjectName("3D view");
}

RenderThread::~RenderThread() {
  stop({});
}

bool RenderThread::start() {
  auto context = std::make_unique<QOpenGLContext>();
  if (!context->create()) return false;
  surface_ = std::make_unique<QOffscreenSurface>();
  surface_->setFormat(context->format());
  surface_->create();
  context_ = std::move(context);
  if (QOpenGLContext::supportsThreadedOpenGL()) {
    // What was asked for before goes along.
    context_->moveToThread(&thread_);
    worker_->moveToThread(&thread_);
    QObject::connect(&thread_, &QThread::started, worker_.get(), &models::giveWay, Qt::DirectConnection);
    models::letDriverGiveWay();
    thread_.start();
  }
  return true;
}

void RenderThread::stop(const std::function<void()>& last) {
  if (context_ == nullptr) return;
  auto* home = QThread::currentThread();
  now([&] {
    if (last) last();
    context_->doneCurrent();
    context_->moveToThread(home);
    worker_->moveToThread(home);
  });
  thread_.quit();
  thread_.wait();
  context_.reset();
  surface_.reset();
}

void RenderThread::later(std::function<void()> job) {
  QMetaObject::invokeMethod(
      worker_.get(),
      [this, job = std::move(job)] {
        makeCurrent();
        try {
          job();
        } catch (const std::exception& error) {
          failed_(QString::fromUtf8(error.what()));
        }
      },
      Qt::QueuedConnection);
}

void RenderThread::wait(const std::function<void()>& job) {
  if (worker_->thread() != QThread::currentThread()) {
    QMetaObject::invokeMethod(
        worker_.get(),
        [&] {
          makeCurrent();
          job();
        },
        Qt::BlockingQueuedConnection);
    return;
  }
  QCoreApplication::sendPostedEvents(worker_.get(), QEvent::MetaCall);
  makeCurrent();
  job();
}

void RenderThread::makeCurrent() {
  if (context_ && QOpenGLContext::currentContext() != context_.get()) context_->makeCurrent(surface_.get());
}

}  // namespace rind::rendering
