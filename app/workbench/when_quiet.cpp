#include "rind/workbench/when_quiet.h"

#include <QApplication>
#include <QTimer>
#include <memory>

namespace rind::workbench {

void whenQuiet(Session& session, MainWindow& window, std::function<void()> ready) {
  auto* timer = new QTimer(&window);
  auto calm = std::make_shared<int>(0);
  QObject::connect(timer, &QTimer::timeout, &window,
                   [&session, &window, timer, calm, ready = std::move(ready)] {
                     const bool busy = session.isLoading() || window.views().surfaces()->isBusy() ||
                                       !session.probes().isIdle() || !session.thumbnails().isIdle() ||
                                       session.checks().isRunning();
                     *calm = busy ? 0 : *calm + 1;
                     if (*calm < 4) return;
                     timer->stop();
                     timer->deleteLater();
                     ready();
                   });
  timer->start(100);
}

void finish(int status) {
  QTimer::singleShot(0, qApp, [status] { QApplication::exit(status); });
}

}  // namespace rind::workbench
