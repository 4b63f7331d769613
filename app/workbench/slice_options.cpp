#include "rind/core/error.h"
#include "rind/workbench/view_option_tables.h"
#include "rind/workbench/view_option_values.h"

namespace rind::workbench {
namespace {

const QStringList kLayers = {"reference", "band", "prediction", "error", "gradient"};

// The layers of kLayers' words, in their order.
std::array<bool models::Layers::*, 5> layerMembers() {
  using models::Layers;
  return {&Layers::reference, &Layers::band, &Layers::prediction, &Layers::error, &Layers::heat};
}

QStringList organNames(Session& session) {
  QStringList names;
  for (const auto& label : session.shownCase().loaded().labels) names << QString::fromStdString(label.name);
  return names;
}

QString readAt(Session& session, ViewGrid&) {
  const auto& at = session.shownCase().cursor();
  return QStringLiteral("%1,%2,%3").arg(at.x).arg(at.y).arg(at.z);
}

void applyAt(Session& session, ViewGrid&, const QString& text) {
  const auto at = numbersIn(text, "--at", {3}, "40,52,30 (voxels: x,y,z)");
  session.shownCase().setCursor(
      {static_cast<std::int64_t>(at[2]), static_cast<std::int64_t>(at[1]), static_cast<std::int64_t>(at[0])});
}

QString readZoom(Session&, ViewGrid& views) {
  std::vector<double> zooms;
  for (int i = 0; i < 3; ++i) zooms.push_back(views.slice(i)->pose().zoom);
  return zooms == std::vector<double>{1, 1, 1} ? QString() : joined(zooms);
}

void applyZoom(Session&, ViewGrid& views, const QString& text) {
  const auto zooms = numbersIn(text, "--zoom", {1, 3}, "2 (or one number for each plane: 2,1,1)");
  for (int i = 0; i < 3; ++i)
    views.slice(i)->setPose(
        {zooms.size() == 1 ? zooms[0] : zooms[static_cast<std::size_t>(i)], views.slice(i)->pose().pan});
}

QString readPan(Session&, ViewGrid& views) {
  std::vector<double> pans;
  for (int i = 0; i < 3; ++i)
    pans.insert(pans.end(), {views.slice(i)->pose().pan.x(), views.slice(i)->pose().pan.y()});
  return pans == std::vector<double>(6, 0) ? QString() : joined(pans);
}

void applyPan(Session&, ViewGrid& views, const QString& text) {
  const auto pans =
      numbersIn(text, "--pan", {2, 6}, "12,-5 (millimetres right,down; or a pair for each plane)");
  for (std::size_t i = 0; i < 3; ++i) {
    auto* slice = views.slice(static_cast<int>(i));
    const std::size_t pair = pans.size() == 2 ? 0 : 2 * i;
    slice->setPose({slice->pose().zoom, {pans[pair], pans[pair + 1]}});
  }
}

QString readLayers(Session& session, ViewGrid&) {
  auto usual = models::Layers();
  const auto& layers = session.shownCase().layers();
  usual.opacity = layers.opacity;
  if (layers == usual) return {};
  QStringList shown;
  for (std::size_t i = 0; i < layerMembers().size(); ++i)
    if (layers.*layerMembers()[i]) shown << kLayers[static_cast<int>(i)];
  return shown.isEmpty() ? QStringLiteral("none") : shown.join(',');
}

void applyLayers(Session& session, ViewGrid&, const QString& text) {
  models::Layers layers;
  layers.opacity = session.shownCase().layers().opacity;
  for (const auto& member : layerMembers()) layers.*member = false;
  if (text != "none")
    for (const auto& word : text.split(','))
      layers.*layerMembers()[static_cast<std::size_t>(wordIn(word, "--layers", kLayers))] = true;
  session.shownCase().setLayers(layers);
}

QString readOpacity(Session& session, ViewGrid&) {
  const double opacity = session.shownCase().layers().opacity;
  return opacity == models::Layers().opacity ? QString() : QString::number(opacity * 100, 'g', 7);
}

void applyOpacity(Session& session, ViewGrid&, const QString& text) {
  auto layers = session.shownCase().layers();
  layers.opacity = std::clamp(numbersIn(text, "--opacity", {1}, "55 (per cent)")[0] / 100, 0.0, 1.0);
  session.shownCase().setLayers(layers);
}

QString readChannel(Session& session, ViewGrid&) {
  const int channel = session.shownCase().channel();
  return channel == 0 ? QString() : QString::number(channel + 1);
}

void applyChannel(Session& session, ViewGrid&, const QString& text) {
  const int channel = static_cast<int>(numbersIn(text, "--channel", {1}, "2 (1 is the first)")[0]);
  const int channels = session.shownCase().loaded().prepared.channels;
  if (channel < 1 || channel > channels)
    throw core::InputError("--channel", "is " + text.toStdString(),
                           "this image has channels 1 to " + std::to_string(channels));
  session.shownCase().setChannel(channel - 1);
}

QString readGrey(Session& session, ViewGrid&) {
  const auto& shown = session.shownCase();
  const auto& usual = shown.loaded().windows.at(static_cast<std::size_t>(shown.channel())).front();
  if (shown.low() == usual.low && shown.high() == usual.high) return {};
  return QStringLiteral("%1,%2").arg(double{shown.low()}, 0, 'g', 9).arg(double{shown.high()}, 0, 'g', 9);
}

void applyGrey(Session& session, ViewGrid&, const QString& text) {
  const auto grey = numbersIn(text, "--grey", {2}, "-160,240 (black,white)");
  session.shownCase().setWindow(static_cast<float>(grey[0]), static_cast<float>(grey[1]));
}

QString readHidden(Session& session, ViewGrid&) {
  const auto names = organNames(session);
  QStringList hidden;
  for (int c = 1; c < names.size(); ++c)
    if (!session.shownCase().isVisible(c)) hidden << names[c];
  return hidden.join(',');
}

void applyHidden(Session& session, ViewGrid&, const QString& text) {
  const auto names = organNames(session);
  for (const auto& name : text.split(','))
    session.shownCase().setVisible(wordIn(name, "--hide", names), false);
}

QString readOrgan(Session& session, ViewGrid&) {
  const int selected = session.shownCase().selected();
  return selected == 0 ? QString() : organNames(session).value(selected);
}

void applyOrgan(Session& session, ViewGrid&, const QString& text) {
  session.shownCase().select(wordIn(text, "--organ", organNames(session)));
}

}  // namespace

std::vector<ViewOption> caseOptions() {
  constexpr int kInSlices = ViewOption::slices | ViewOption::window;
  constexpr int kIn3d = ViewOption::scene | ViewOption::window;
  return {
      {"at", "x,y,z", "The voxel under the crosshair.", ViewOption::all, readAt, applyAt},
      {"zoom", "z", "Of the slices: 1 shows all of them.", kInSlices, readZoom, applyZoom},
      {"pan", "x,y", "Of the slices, in mm to the right and down.", kInSlices, readPan, applyPan},
      {"layers", "list",
       "What lies over the image: none, or some of reference,band,prediction,error,gradient.", kInSlices,
       readLayers, applyLayers},
      {"opacity", "percent", "Of the layers.", kInSlices, readOpacity, applyOpacity},
      {"channel", "n", "Of the image, from 1.", kInSlices, readChannel, applyChannel},
      {"grey", "low,high", "Intensities that are black and white.", kInSlices, readGrey, applyGrey},
      {"hide", "organs", "Organs that are not shown, with commas.", ViewOption::all, readHidden, applyHidden},
      {"organ", "name", "The organ that stands out.", kIn3d, readOrgan, applyOrgan}};
}

}  // namespace rind::workbench
