#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QSettings>
#include <QTimer>
#include <algorithm>
#include <iostream>
#include <string_view>

#include "rind/core/error.h"
#include "rind/core/version.h"
#include "rind/models/give_way.h"
#include "rind/workbench/command_line.h"
#include "rind/workbench/demo.h"
#include "rind/workbench/large_blocks.h"
#include "rind/workbench/measure.h"
#include "rind/workbench/phantom_settings.h"
#include "rind/workbench/say_error.h"
#include "rind/workbench/surface_export.h"
#include "rind/workbench/theme.h"

namespace {

using namespace rind::workbench;

QStringList engineCommand(const Options& options) {
  const QStringList words = QProcess::splitCommand(options.engine);
  if (!words.isEmpty()) return words;
  return {QCoreApplication::applicationDirPath() + "/rind", "worker"};
}

void begin(Session& session, MainWindow& window, const Options& options) {
  if (!options.demo.isEmpty()) {
    setUpPhantom(session.settings(), 24);
    runDemo(session, window, options.demo.toStdString());
  } else if (options.start) {
    if (options.source.startsWith("phantom:")) setUpPhantom(session.settings(), 50);
    session.startWhenOpen({});
  }
  setSettings(session, options.settings);
  // A run that is opened brings its own first.
  if (!options.settings.isEmpty())
    QObject::connect(
        &session, &Session::dataChanged, &session,
        [&session, words = options.settings] {
          try {
            setSettings(session, words);
          } catch (const rind::core::InputError& error) {
            Q_EMIT session.dataProblem(QString::fromUtf8(error.what()));
          }
        },
        Qt::SingleShotConnection);
  if (options.takesPicture()) takePicture(session, window, options.order);
  if (options.measure) measure(session, window, options.start);
  session.open(options.source);
  if (options.isByHand()) window.tour().startOnce();
}

// What needs no display has to be known before Qt looks for one.
bool asksForSurfaces(std::string_view word) {
  return word == "--surfaces" || word.substr(0, 11) == "--surfaces=";
}

bool asksForText(std::string_view word) {
  return word == "--help" || word == "-h" || word == "--version" || word == "-v";
}

void requireDisplay() {
#ifdef Q_OS_LINUX
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
    if (!qEnvironmentVariableIsEmpty(name)) return;
  throw rind::core::InputError("display", "there is none to open a window on",
                               "start it in a desktop session or with ssh -X; for --screenshot and --demo "
                               "xvfb-run will do, and rind needs none");
#endif
}

int withoutDisplay(int argc, char** argv) {
  const QCoreApplication application(argc, argv);
  QCoreApplication::setApplicationName("Rind");
  QCoreApplication::setApplicationVersion(rind::core::kVersion);
  const Options options = parseCommandLine(application);
  return exportSurfaces(options.source.toStdString(), options.order.case_id.toStdString(),
                        options.surfaces.toStdString());
}

int showWindow(int argc, char** argv, const QElapsedTimer& since_launch) {
  returnLargeBlocks();
  rind::rendering::RenderWidget::askForOpenGl();
  rind::models::goFirst();
  QApplication application(argc, argv);
  QApplication::setApplicationName("Rind");
  QApplication::setOrganizationName("Rind");
  QApplication::setApplicationVersion(rind::core::kVersion);
  QApplication::setQuitOnLastWindowClosed(false);
  const Options options = parseCommandLine(application);
  applyTheme(application, options.theme);

  Session session(engineCommand(options));
  setSettings(session, options.settings);  // what is wrong with them is said before any window
  MainWindow window(session);
  QSettings remembered;
  const bool by_hand = options.isByHand();
  if (by_hand) window.recall(remembered);
  if (!options.size.isEmpty() && !options.takesPicture()) window.resize(options.size);
  QObject::connect(&window, &MainWindow::closed, &application, [&] {
    if (by_hand) window.remember(remembered);
    // An engine that does not end is left to the client's destructor, which ends it.
    QTimer::singleShot(20000, &application, &QApplication::quit);
  });
  // The window goes at once; the engine saves and ends, and then so do we.
  QObject::connect(&window, &MainWindow::closed, &session.engine(), &rind::models::EngineClient::shutDown);
  QObject::connect(&session.engine(), &rind::models::EngineClient::closed, &application, &QApplication::quit);
  window.show();
  // First the window, then everything that takes time.
  QTimer::singleShot(0, &window, [&] {
    if (options.timing) std::cout << "first window after " << since_launch.elapsed() << " ms" << std::endl;
    begin(session, window, options);
  });
  return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
  QElapsedTimer since_launch;
  since_launch.start();
  try {
    const auto anyWord = [&](auto asks) { return std::any_of(argv + 1, argv + argc, asks); };
    if (anyWord(asksForText) || anyWord(asksForSurfaces)) return withoutDisplay(argc, argv);
    requireDisplay();
    return showWindow(argc, argv, since_launch);
  } catch (const rind::core::InputError& error) {
    sayError(error.what());
    return 2;
  }
}
