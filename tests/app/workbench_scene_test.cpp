// What the 3D view draws of surfaces it is handed.
#include <gtest/gtest.h>
#include <vtkPoints.h>

#include "../views/block_case.h"
#include "rind/rendering/scene_picture.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

constexpr int kTolerance = 6;             // of 255
constexpr double kShareOfPixels = 0.002;  // that may differ by more: edges move by less than a pixel

double shareThatDiffers(const QImage& a, const QImage& b) {
  int differ = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y);
      const QRgb q = b.pixel(x, y);
      differ += std::abs(qRed(p) - qRed(q)) > kTolerance || std::abs(qGreen(p) - qGreen(q)) > kTolerance ||
                        std::abs(qBlue(p) - qBlue(q)) > kTolerance
                    ? 1
                    : 0;
    }
  return static_cast<double>(differ) / (a.width() * a.height());
}

std::vector<rendering::Surface> movedApart(const std::vector<rendering::Surface>& surfaces,
                                           double millimetres) {
  std::vector<rendering::Surface> moved = surfaces;
  for (auto& surface : moved) {
    const auto mesh = vtkSmartPointer<vtkPolyData>::New();
    mesh->DeepCopy(surface.mesh);
    for (vtkIdType i = 0; i < mesh->GetNumberOfPoints(); ++i) {
      double point[3];
      mesh->GetPoint(i, point);
      mesh->GetPoints()->SetPoint(i, point[0] + surface.label * millimetres, point[1], point[2]);
    }
    surface.mesh = mesh;
  }
  return moved;
}

TEST_F(Workbench, ShellsOfOrgansThatTouchLookAsIfAHairLayBetweenThem) {
  if (!QTest::qWaitForWindowExposed(window.get())) GTEST_SKIP() << "no window on this display";
  if (!window->views().renderWidget()->isWorking()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  core::LabelVolume labels;
  const std::atomic<bool> cancel = false;
  const rendering::SurfaceInput input{
      test_support::touchingBricks({12, 12, 10}, labels), nullptr, {0, 1, 1}, core::Border::zero};
  const auto touching = makeSurfaces(input, rendering::SurfaceKind::outer, cancel);
  ASSERT_EQ(touching.size(), 2U);
  auto& scene = window->views().sceneView().scene();
  const auto draw = [&](const std::vector<rendering::Surface>& surfaces) {
    window->views().sceneView().ask([&](auto& shown) {
      shown.setSurfaces(rendering::SurfaceKind::outer, rendering::Detail::fine, surfaces,
                        input.loaded->labels);
      shown.look(rendering::CameraPreset::left);  // through one into the other
    });
    return rendering::drawScene(*window->views().renderWidget(), scene, {{400, 400}, 1, false});
  };
  const QImage apart = draw(movedApart(touching, 0.02));
  const QImage met = draw(touching);
  const QImage one = draw({touching[0]});
  EXPECT_LT(shareThatDiffers(apart, met), kShareOfPixels);
  EXPECT_GT(shareThatDiffers(apart, one), 0.1) << "the bricks cover much of the picture";
}

}  // namespace
}  // namespace rind::workbench
