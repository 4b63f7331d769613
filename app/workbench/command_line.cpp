#include "rind/workbench/command_line.h"

#include <QCommandLineParser>

#include "rind/core/error.h"
#include "rind/workbench/view_option_values.h"

namespace rind::workbench {
namespace {

void addOptions(QCommandLineParser& parser) {
  parser.addPositionalArgument("source", "A data set's folder, a run's folder, a volume, or phantom:amos.",
                               "[DIR|RUN|FILE]");
  parser.addOptions(
      {{"screenshot", "Save a picture and its caption, quit.", "file.png"},
       {"size", "Size of the window or picture in pixels, a picture's up to 7680x4320.", "WxH"},
       {"view", "What the picture shows: window, 3d, axial, coronal, sagittal.", "view", "window"},
       {"transparent", "Of a picture: what lies beside the slice or behind the organs."},
       {"panels", "How the window's parts stand, as a picture's caption has it.", "sizes"},
       {"case", "The case it shows.", "id"},
       {"epoch", "The epoch whose prediction it shows.", "n"},
       {"layer", "The layer it shows: band, prediction, error.", "layer"},
       {"surfaces",
        "Write organs as surfaces (.stl, .ply, .obj, .glb, .gltf) and quit, without a display: of a label "
        "map's "
        "file, a run's kept prediction, or the labels of a data set's case. \"{organ}\" in the name gives "
        "each "
        "organ a file of its own. Millimetres, LPS; glTF in metres, y up.",
        "file"},
       {"set", "A setting, such as iterations=2; as often as needed.", "key=value"},
       {"start", "Start training at once."},
       {"demo", "Train the phantom into a folder, leave pictures and a model there, quit.", "folder"},
       {"engine", "The command that speaks the engine's protocol, such as \"ssh host rind worker\".",
        "command"},
       {"theme", "light or dark.", "theme"},
       {"measure", "Print how quickly the window answers, with --start while a training runs, quit."},
       {"timing", "Print the time from launch to the first window."}});
  for (const auto& option : viewOptions()) parser.addOption({option.name, option.help, option.value});
}

PictureOrder orderFrom(const QCommandLineParser& parser, const QSize& size) {
  PictureOrder order;
  order.picture = {parser.value("screenshot"), parser.value("view"),
                   size.isEmpty() ? QSize(1920, 1080) : size, parser.isSet("transparent"),
                   parser.value("panels")};
  if (!order.picture.file.isEmpty()) validate(order.picture);
  order.case_id = parser.value("case");
  order.layer = parser.value("layer");
  if (parser.isSet("epoch"))
    order.epoch = static_cast<int>(numbersIn(parser.value("epoch"), "--epoch", {1}, "12").front());
  for (const auto& option : viewOptions())
    if (parser.isSet(option.name)) order.options.emplace_back(&option, parser.value(option.name));
  return order;
}

}  // namespace

Options parseCommandLine(const QCoreApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription("Rind: tune and watch contour-weighted training.");
  parser.addHelpOption();
  parser.addVersionOption();
  addOptions(parser);
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
  options.settings = parser.values("set");
  if (parser.isSet("size")) options.size = parsePictureSize(parser.value("size"));
  options.order = orderFrom(parser, options.size);
  if (options.source.isEmpty() && !options.demo.isEmpty()) options.source = "phantom:amos";
  if (options.source.isEmpty() && options.takesPicture())
    throw core::InputError("--screenshot", "there is nothing to show",
                           "name a data set's or a run's folder, or phantom:amos");
  return options;
}

}  // namespace rind::workbench
