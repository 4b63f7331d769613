#include "rind/rendering/surfaces.h"

#include <vtkCellArray.h>
#include <vtkFlyingEdges3D.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyDataNormals.h>
#include <vtkWindowedSincPolyDataFilter.h>

#include <algorithm>
#include <thread>

#include "rind/rendering/organ_mask.h"

namespace rind::rendering {
namespace {

// Above this a box is halved along each axis: a mesh finer than the screen costs seconds and shows nothing.
constexpr std::int64_t kFinestBox = 600'000;
// The same while the band is being dragged.
constexpr std::int64_t kFinestCoarseBox = 30'000;

struct Fineness {
  std::int64_t stride = 1;
  int smoothing = 15;
};

enum class Detail { coarse, screen, whole };

Fineness finenessFor(const models::Box& box, Detail detail) {
  if (detail == Detail::whole) return {1, 15};
  if (detail == Detail::screen) return {box.voxels() > kFinestBox ? 2 : 1, 15};
  return {box.voxels() > kFinestBox ? 3 : box.voxels() > kFinestCoarseBox ? 2 : 1, 8};
}

// Grid points to millimetres: origin + direction · (spacing · index).
void toMillimetres(vtkPolyData& mesh, const core::Geometry& geometry, const models::Box& box,
                   std::int64_t stride) {
  auto* points = mesh.GetPoints();
  const auto& d = geometry.direction;
  for (vtkIdType i = 0; i < points->GetNumberOfPoints(); ++i) {
    double p[3];
    points->GetPoint(i, p);
    const auto step = static_cast<double>(stride);
    const double x = (static_cast<double>(box.low.x) + p[0] * step) * geometry.spacing.x;
    const double y = (static_cast<double>(box.low.y) + p[1] * step) * geometry.spacing.y;
    const double z = (static_cast<double>(box.low.z) + p[2] * step) * geometry.spacing.z;
    points->SetPoint(i, geometry.origin[0] + d[0] * x + d[1] * y + d[2] * z,
                     geometry.origin[1] + d[3] * x + d[4] * y + d[5] * z,
                     geometry.origin[2] + d[6] * x + d[7] * y + d[8] * z);
  }
  points->Modified();
}

bool isMirrored(const core::Geometry& geometry) {
  const auto& d = geometry.direction;
  return d[0] * (d[4] * d[8] - d[5] * d[7]) - d[1] * (d[3] * d[8] - d[5] * d[6]) +
             d[2] * (d[3] * d[7] - d[4] * d[6]) <
         0;
}

void turnTrianglesOver(vtkPolyData& mesh) {
  for (vtkIdType i = 0; i < mesh.GetNumberOfPolys(); ++i) mesh.GetPolys()->ReverseCellAtId(i);
}

vtkSmartPointer<vtkPolyData> meshOf(const Body& body, const core::Geometry& geometry, Detail detail) {
  const models::Box box = boxOf(body);
  if (box.empty()) return nullptr;
  const Fineness fineness = finenessFor(box, detail);
  const auto mask = maskOf(body, box, fineness.stride);
  if (!mask) return nullptr;
  vtkNew<vtkFlyingEdges3D> edges;
  edges->SetInputData(mask);
  edges->SetValue(0, 127.5);
  edges->ComputeNormalsOff();
  edges->ComputeGradientsOff();
  edges->ComputeScalarsOff();
  vtkNew<vtkWindowedSincPolyDataFilter> smooth;
  smooth->SetInputConnection(edges->GetOutputPort());
  smooth->SetNumberOfIterations(fineness.smoothing);
  smooth->SetPassBand(0.08);
  smooth->NonManifoldSmoothingOn();
  smooth->NormalizeCoordinatesOn();
  smooth->BoundarySmoothingOff();
  smooth->FeatureEdgeSmoothingOff();
  smooth->Update();
  vtkSmartPointer<vtkPolyData> mesh = smooth->GetOutput();
  toMillimetres(*mesh, geometry, box, fineness.stride);
  if (isMirrored(geometry)) turnTrianglesOver(*mesh);
  vtkNew<vtkPolyDataNormals> normals;
  normals->SetInputData(mesh);
  normals->SplittingOff();
  normals->ConsistencyOff();
  normals->AutoOrientNormalsOff();
  normals->Update();
  return normals->GetOutput();
}

std::vector<Body> bodiesOf(const SurfaceInput& input, SurfaceKind kind) {
  std::vector<Body> bodies;
  const auto& prepared = input.loaded->prepared;
  const std::size_t classes = input.loaded->labels.size();
  const bool predicted = kind == SurfaceKind::prediction;
  if (predicted && (!input.prediction || input.prediction->labels.size != prepared.size())) return bodies;
  const core::LabelView labels = predicted ? input.prediction->labels.view() : prepared.labels;
  const auto boxes = predicted ? models::boxesOf(labels, classes) : input.loaded->boxes;
  for (std::size_t c = 1; c < classes; ++c) {
    if (boxes[c].empty()) continue;
    Body body{labels, prepared.depth, static_cast<int>(c), 0, false, boxes[c]};
    if (kind == SurfaceKind::inner) {
      body.deeper_than = c < input.thickness.size() ? input.thickness[c] : 0;
      body.zero_border = input.border == core::Border::zero;
    }
    bodies.push_back(body);
  }
  return bodies;
}

struct Making {
  const core::Geometry& geometry;
  Detail detail;
  const std::atomic<bool>& cancel;
};

std::vector<Surface> surfacesOf(std::vector<Body> bodies, SurfaceKind kind, const Making& making) {
  // The largest first, so that no processor is left with it at the end.
  std::sort(bodies.begin(), bodies.end(),
            [](const Body& a, const Body& b) { return a.box.voxels() > b.box.voxels(); });
  std::vector<vtkSmartPointer<vtkPolyData>> meshes(bodies.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < bodies.size() && !making.cancel; i = next++)
      meshes[i] = meshOf(bodies[i], making.geometry, making.detail);
  };
  std::vector<std::thread> others(std::min<std::size_t>(
      bodies.empty() ? 0 : bodies.size() - 1, std::max(1U, std::thread::hardware_concurrency()) - 1));
  for (auto& thread : others) thread = std::thread(work);
  work();
  for (auto& thread : others) thread.join();
  std::vector<Surface> surfaces;
  for (std::size_t i = 0; i < bodies.size() && !making.cancel; ++i)
    if (meshes[i]) surfaces.push_back({bodies[i].label, kind, meshes[i]});
  std::sort(surfaces.begin(), surfaces.end(),
            [](const Surface& a, const Surface& b) { return a.label < b.label; });
  return surfaces;
}

}  // namespace

bool coarseMatters(const SurfaceInput& input) {
  return input.loaded && std::any_of(input.loaded->boxes.begin(), input.loaded->boxes.end(),
                                     [](const auto& box) { return box.voxels() > kFinestCoarseBox; });
}

std::vector<Surface> makeSurfaces(const SurfaceInput& input, SurfaceKind kind,
                                  const std::atomic<bool>& cancel) {
  if (!input.loaded) return {};
  return surfacesOf(
      bodiesOf(input, kind), kind,
      {input.loaded->prepared.geometry, input.coarse ? Detail::coarse : Detail::screen, cancel});
}

std::vector<Surface> makeWholeSurfaces(core::LabelView labels, const core::Geometry& geometry,
                                       const std::vector<bool>& wanted, const std::atomic<bool>& cancel) {
  const auto boxes = models::boxesOf(labels, wanted.size());
  std::vector<Body> bodies;
  for (std::size_t c = 1; c < wanted.size(); ++c)
    if (wanted[c] && !boxes[c].empty())
      bodies.push_back({labels, {}, static_cast<int>(c), 0, false, boxes[c]});
  return surfacesOf(std::move(bodies), SurfaceKind::outer, {geometry, Detail::whole, cancel});
}

}  // namespace rind::rendering
