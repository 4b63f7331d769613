#pragma once

#include <QObject>

namespace rind::workbench {

/// Counts what is under way in the background, for whoever says so and whoever waits for its end.
class Activity : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  void begin(const QString& what) {
    ++count_;
    Q_EMIT changed(what);
  }
  void end() {
    if (--count_ == 0) Q_EMIT changed({});
  }
  bool any() const { return count_ > 0; }

 Q_SIGNALS:
  /// The newest; empty when nothing is left.
  void changed(const QString& what);

 private:
  int count_ = 0;
};

}  // namespace rind::workbench
