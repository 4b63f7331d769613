#include "rind/workbench/view_option_tables.h"
#include "rind/workbench/view_option_values.h"

namespace rind::workbench {
namespace {

using rendering::CameraPose;

const QStringList kModes = {"shells", "prediction", "both", "distance", "gradient"};
const QStringList kPresets = {"anterior", "posterior", "left", "right", "superior", "inferior"};

QString readScene(Session&, ViewGrid& views) {
  return kModes[static_cast<int>(views.sceneView().mode())];
}

void applyScene(Session&, ViewGrid& views, const QString& text) {
  views.sceneView().chooseMode(static_cast<rendering::SceneMode>(wordIn(text, "--scene", kModes)));
}

QString readLook(Session&, ViewGrid& views) {
  const int preset = static_cast<int>(views.sceneView().preset());
  return preset == 0 ? QString() : kPresets[preset];
}

void applyLook(Session&, ViewGrid& views, const QString& text) {
  views.sceneView().look(static_cast<rendering::CameraPreset>(wordIn(text, "--look", kPresets)));
}

QString readCamera(Session&, ViewGrid& views) {
  const CameraPose pose = views.sceneView().ask([](auto& scene) { return scene.pose(); });
  std::vector<double> numbers;
  for (const auto* place : {&pose.position, &pose.focus, &pose.up})
    numbers.insert(numbers.end(), place->begin(), place->end());
  numbers.push_back(pose.angle);
  return joined(numbers);
}

void applyCamera(Session&, ViewGrid& views, const QString& text) {
  const auto n = numbersIn(text, "--camera", {10},
                           "0,-900,0,0,0,0,0,0,1,30 (millimetres: where it stands, where it looks, what is "
                           "up; and its angle in degrees)");
  views.sceneView().setPose({{n[0], n[1], n[2]}, {n[3], n[4], n[5]}, {n[6], n[7], n[8]}, n[9]});
}

QString readCut(Session&, ViewGrid& views) {
  const auto depth = views.sceneView().cut();
  return depth ? QString::number(*depth) : QString();
}

void applyCut(Session&, ViewGrid& views, const QString& text) {
  views.sceneView().setCut(static_cast<int>(numbersIn(text, "--cut", {1}, "50 (per cent of the depth)")[0]));
}

QString readGradient(Session& session, ViewGrid&) {
  return QString::fromStdString(session.probes().model().lossChosen());
}

void applyGradient(Session& session, ViewGrid&, const QString& text) {
  session.probes().model().chooseLoss(core::toString(core::parseLossKind(text.toStdString())));
}

}  // namespace

std::vector<ViewOption> sceneOptions() {
  constexpr int kIn3d = ViewOption::scene | ViewOption::window;
  return {
      {"scene", "what", "In 3D: shells, prediction, both, distance, gradient.", kIn3d, readScene, applyScene},
      {"look", "from", "In 3D: anterior, posterior, left, right, superior, inferior.", kIn3d, readLook,
       applyLook},
      {"camera", "numbers", "In 3D: position, focus and up (x,y,z each) and angle.", kIn3d, readCamera,
       applyCamera},
      {"cut", "percent", "In 3D: how deep is cut away.", kIn3d, readCut, applyCut},
      {"gradient", "loss", "Whose gradient is shown.", ViewOption::all, readGradient, applyGradient}};
}

}  // namespace rind::workbench
