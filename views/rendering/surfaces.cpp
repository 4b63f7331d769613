#include "rind/rendering/surfaces.h"

#include <vtkCellArray.h>
#include <vtkFlyingEdges3D.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyDataNormals.h>

#include <algorithm>
#include <array>
#include <thread>

#include "rind/rendering/joint_smoothing.h"
#include "rind/rendering/organ_mask.h"

namespace rind::rendering {
namespace {

// Above this a box is halved along each axis: a mesh finer than the screen costs seconds and shows nothing.
constexpr std::int64_t kFinestBox = 600'000;
// While something moves: the least boxes of which every second, third and fourth voxel is taken along each
// axis.
constexpr std::array<std::int64_t, 3> kCoarseBoxes = {15'000, 150'000, 2'000'000};

enum class Sampling { coarse, screen, whole };

std::int64_t strideFor(const models::Box& box, Sampling sampling) {
  if (sampling == Sampling::whole) return 1;
  if (sampling == Sampling::screen) return box.voxels() > kFinestBox ? 2 : 1;
  return 1 + std::count_if(kCoarseBoxes.begin(), kCoarseBoxes.end(),
                           [&](std::int64_t least) { return box.voxels() > least; });
}

// Voxels to millimetres: origin + direction · (spacing · index).
void toMillimetres(vtkPolyData& mesh, const core::Geometry& geometry) {
  auto* points = mesh.GetPoints();
  for (vtkIdType i = 0; i < points->GetNumberOfPoints(); ++i) {
    double p[3];
    points->GetPoint(i, p);
    const auto& step = geometry.spacing;
    points->SetPoint(i, core::pointAlong(geometry, {p[0] * step.x, p[1] * step.y, p[2] * step.z}).data());
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

// Every `stride`-th voxel counts, the same ones for all bodies, so that bodies that touch meet in the same
// points.
models::Box onStride(models::Box box, std::int64_t stride) {
  for (auto* low : {&box.low.z, &box.low.y, &box.low.x}) *low -= *low % stride;
  return box;
}

/// The body's faces as voxels have them, points in voxels; nothing where there is no voxel of it.
vtkSmartPointer<vtkPolyData> roughMesh(const Body& body, Sampling sampling) {
  const models::Box tight = boxOf(body);
  if (tight.empty()) return nullptr;
  const std::int64_t stride = strideFor(tight, sampling);
  const models::Box box = onStride(tight, stride);
  const auto mask = maskOf(body, box, stride);
  if (!mask) return nullptr;
  vtkNew<vtkFlyingEdges3D> edges;
  edges->SetInputData(mask);
  edges->SetValue(0, 127.5);
  edges->ComputeNormalsOff();
  edges->ComputeGradientsOff();
  edges->ComputeScalarsOff();
  edges->Update();
  vtkSmartPointer<vtkPolyData> mesh = edges->GetOutput();
  auto* points = mesh->GetPoints();
  for (vtkIdType i = 0; i < points->GetNumberOfPoints(); ++i) {
    double p[3];
    points->GetPoint(i, p);
    const auto step = static_cast<double>(stride);
    points->SetPoint(i, p[0] * step + static_cast<double>(box.low.x),
                     p[1] * step + static_cast<double>(box.low.y),
                     p[2] * step + static_cast<double>(box.low.z));
  }
  return mesh;
}

vtkSmartPointer<vtkPolyData> placed(vtkPolyData& mesh, const core::Geometry& geometry) {
  toMillimetres(mesh, geometry);
  if (isMirrored(geometry)) turnTrianglesOver(mesh);
  vtkNew<vtkPolyDataNormals> normals;
  normals->SetInputData(&mesh);
  normals->SplittingOff();
  normals->ConsistencyOff();
  normals->AutoOrientNormalsOff();
  normals->Update();
  return normals->GetOutput();
}

/// `work` for 0 … count − 1, shared out to all processors.
template <class Work>
void forEachInParallel(std::size_t count, const std::atomic<bool>& cancel, Work work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t i = next++; i < count && !cancel; i = next++) work(i);
  };
  std::vector<std::thread> others(std::min<std::size_t>(std::max<std::size_t>(count, 1),
                                                        std::max(1U, std::thread::hardware_concurrency())) -
                                  1);
  for (auto& thread : others) thread = std::thread(take);
  take();
  for (auto& thread : others) thread.join();
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
  Sampling sampling;
  const std::atomic<bool>& cancel;
};

std::vector<Surface> surfacesOf(std::vector<Body> bodies, SurfaceKind kind, const Making& making) {
  // The largest first, so that no processor is left with it at the end.
  std::sort(bodies.begin(), bodies.end(),
            [](const Body& a, const Body& b) { return a.box.voxels() > b.box.voxels(); });
  std::vector<vtkSmartPointer<vtkPolyData>> meshes(bodies.size());
  forEachInParallel(bodies.size(), making.cancel,
                    [&](std::size_t i) { meshes[i] = roughMesh(bodies[i], making.sampling); });
  smoothTogether(meshes, making.sampling == Sampling::coarse ? 8 : 15, making.cancel);
  forEachInParallel(meshes.size(), making.cancel, [&](std::size_t i) {
    if (meshes[i]) meshes[i] = placed(*meshes[i], making.geometry);
  });
  std::vector<Surface> surfaces;
  for (std::size_t i = 0; i < bodies.size() && !making.cancel; ++i)
    if (meshes[i]) surfaces.push_back({bodies[i].label, kind, meshes[i]});
  std::sort(surfaces.begin(), surfaces.end(),
            [](const Surface& a, const Surface& b) { return a.label < b.label; });
  return surfaces;
}

}  // namespace

bool coarseMatters(const models::LoadedCase& loaded) {
  return std::any_of(loaded.boxes.begin(), loaded.boxes.end(),
                     [](const auto& box) { return box.voxels() > kCoarseBoxes.front(); });
}

std::vector<Surface> makeSurfaces(const SurfaceInput& input, SurfaceKind kind,
                                  const std::atomic<bool>& cancel) {
  if (!input.loaded) return {};
  return surfacesOf(bodiesOf(input, kind), kind,
                    {input.loaded->prepared.geometry,
                     input.detail == Detail::coarse ? Sampling::coarse : Sampling::screen, cancel});
}

std::vector<Surface> makeWholeSurfaces(core::LabelView labels, const core::Geometry& geometry,
                                       const std::vector<bool>& wanted, const std::atomic<bool>& cancel) {
  const auto boxes = models::boxesOf(labels, wanted.size());
  std::vector<Body> bodies;
  for (std::size_t c = 1; c < wanted.size(); ++c)
    if (wanted[c] && !boxes[c].empty())
      bodies.push_back({labels, {}, static_cast<int>(c), 0, false, boxes[c]});
  return surfacesOf(std::move(bodies), SurfaceKind::outer, {geometry, Sampling::whole, cancel});
}

}  // namespace rind::rendering
