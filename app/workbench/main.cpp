#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QSettings>
#include <QSurfaceFormat>
#include <QTimer>
#include <algorithm>
#include <iostream>
#include <string_view>

#include "rind/core/settings.h"
#include "rind/core/version.h"
#include "rind/workbench/demo.h"
#include "rind/workbench/surface_export.h"
#include "rind/workbench/theme.h"

namespace {

using namespace rind::workbench;

QSize sizeOf(const QString& text) {
  const auto parts = text.split('x');
  return parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
}

struct Options {
  QString source;
  QString engine;
  QString theme;
  QString demo;
  QString surfaces;
  bool start = false;
  bool timing = false;
  bool measure = false;
  PictureRequest picture;
  QSize size;
};

Options parse(const QCoreApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription("Rind: tune and watch contour-weighted training.");
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument("source", "A data set's folder, a run's folder, a volume, or phantom:amos.",
                               "[DIR|RUN|FILE]");
  parser.addOptions(
      {{"screenshot", "Save a picture and quit.", "file"},
       {"size", "Size of the window or picture.", "WxH"},
       {"view", "What the picture shows: window, 3d, axial, coronal, sagittal.", "view", "window"},
       {"case", "The case it shows.", "id"},
       {"layer", "The layer it shows: band, prediction, error.", "layer"},
       {"surfaces",
        "Write organs as surfaces (.stl, .ply, .obj, .glb, .gltf) and quit, without a display: of a label "
        "map's "
        "file, a run's kept prediction, or the labels of a data set's case. \"{organ}\" in the name gives "
        "each "
        "organ a file of its own. Millimetres, LPS; glTF in metres, y up.",
        "file"},
       {"start", "Start training at once."},
       {"demo", "Train the phantom into a folder, leave pictures and a model there, quit.", "folder"},
       {"engine", "The command that speaks the engine's protocol, such as \"ssh host rind worker\".",
        "command"},
       {"theme", "light or dark.", "theme"},
       {"measure", "Print how quickly slider and slices are drawn, quit."},
       {"timing", "Print the time from launch to the first window."}});
  parser.process(application);
  Options options;
  options.source = parser.positionalArguments().value(0);
  options.engine = parser.value("engine");
  options.theme = parser.value("theme");
  options.demo = parser.value("demo");
  options.surfaces = parser.value("surfaces");
  options.start = parser.isSet("start");
  options.measure = parser.isSet("measure");
  options.timing = parser.isSet("timing");
  options.size = sizeOf(parser.value("size"));
  options.picture = {parser.value("screenshot"), parser.value("view"), parser.value("case"),
                     parser.value("layer"), options.size};
  if (options.source.isEmpty() && !options.demo.isEmpty()) options.source = "phantom:amos";
  return options;
}

QStringList engineCommand(const Options& options) {
  if (!options.engine.isEmpty()) return options.engine.split(' ', Qt::SkipEmptyParts);
  return {QCoreApplication::applicationDirPath() + "/rind", "worker"};
}

// The phantom's voxels are 5 mm: one iteration of n is about the paper's 6 mm. With the background's band a
// short training reaches twice the DSC (docs/figures.md). Eight channels train fast enough on two processor
// cores to be watched.
void setUpPhantom(Session& session, int epochs) {
  rind::core::RunConfig config = session.settings().config();
  rind::core::applySettings(config, {{"epochs", epochs},
                                     {"base-channels", 8},
                                     {"iterations", 1},
                                     {"include-background", true},
                                     {"lr", 2e-3}});
  session.settings().setConfig(config);
}

void begin(Session& session, MainWindow& window, const Options& options) {
  if (!options.demo.isEmpty()) {
    setUpPhantom(session, 24);
    runDemo(session, window, options.demo.toStdString());
  } else if (options.start) {
    if (options.source.startsWith("phantom:")) setUpPhantom(session, 50);
    session.startWhenOpen({});
  }
  if (!options.picture.file.isEmpty()) takePicture(session, window, options.picture);
  if (options.measure) measure(session, window);
  session.open(options.source);
}

// Needs no display, and so has to be known before Qt looks for one.
bool asksForSurfaces(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](std::string_view word) {
    return word == "--surfaces" || word.substr(0, 11) == "--surfaces=";
  });
}

int writeSurfaces(int argc, char** argv) {
  const QCoreApplication application(argc, argv);
  const Options options = parse(application);
  return exportSurfaces(options.source.toStdString(), options.picture.case_id.toStdString(),
                        options.surfaces.toStdString());
}

}  // namespace

int main(int argc, char** argv) {
  QElapsedTimer since_launch;
  since_launch.start();
  if (asksForSurfaces(argc, argv)) return writeSurfaces(argc, argv);
  QSurfaceFormat format;
  format.setVersion(3, 2);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setDepthBufferSize(24);
  format.setAlphaBufferSize(8);
  QSurfaceFormat::setDefaultFormat(format);
  QApplication application(argc, argv);
  QApplication::setApplicationName("Rind");
  QApplication::setOrganizationName("Rind");
  QApplication::setApplicationVersion(rind::core::kVersion);
  QApplication::setQuitOnLastWindowClosed(false);
  const Options options = parse(application);
  applyTheme(application, options.theme);

  Session session(engineCommand(options));
  MainWindow window(session);
  QSettings remembered;
  const bool by_hand = options.size.isEmpty() && options.demo.isEmpty() && options.picture.file.isEmpty();
  if (by_hand) window.restoreGeometry(remembered.value("window").toByteArray());
  if (!options.size.isEmpty()) window.resize(options.size);
  QObject::connect(&window, &MainWindow::closed, &application, [&] {
    if (by_hand) remembered.setValue("window", window.saveGeometry());
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
