#pragma once

#include <gtest/gtest.h>

#include <QAction>
#include <QTest>
#include <memory>
#include <string>

#include "rind/test_support/temporary_folder.h"
#include "rind/workbench/main_window.h"

namespace rind::workbench {

constexpr const char* kPhantom = "phantom:amos,cases=5,size=32x32x32";
constexpr int kPatience = 240000;  // ms; waited out only by a failure

/// The window on a session with the real engine, small enough to train in seconds.
class Workbench : public testing::Test {
 protected:
  Workbench() { open(); }

  void open() {
    session = std::make_unique<Session>(QStringList{RIND_ENGINE, "worker"});
    session->setRunsFolder(folder.path());
    session->thumbnails().keepIn(cache.path());
    for (const auto& [key, value] : {std::pair<const char*, nlohmann::json>("epochs", 2),
                                     {"base-channels", 4},
                                     {"iterations", 1},
                                     {"batch", 1},
                                     {"patch", "32x32x32"}})
      ASSERT_TRUE(session->settings().set(key, value)) << key;
    window = std::make_unique<MainWindow>(*session);
    window->show();
  }

  void reopen() {
    window.reset();
    session.reset();
    open();
  }

  /// Waits for what the model says, driven by events.
  template <class Holds>
  bool waitFor(Holds holds) {
    return QTest::qWaitFor(holds, kPatience);
  }

  bool loadData() {
    session->open(kPhantom);
    return waitFor([&] { return !session->shownCase().empty() && !session->isLoading(); });
  }

  testing::AssertionResult waitForState(const std::string& state) {
    waitFor([&] { return session->run().state() == state || session->run().state() == "failed"; });
    if (session->run().state() == state) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << "the run is " << session->run().state() << ": " << session->run().stateText().toStdString();
  }

  QAction* action(const char* name) { return window->findChild<QAction*>(name); }

  test_support::TemporaryFolder folder;
  test_support::TemporaryFolder cache;
  std::unique_ptr<Session> session;
  std::unique_ptr<MainWindow> window;
};

}  // namespace rind::workbench
