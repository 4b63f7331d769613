#include "rind/rendering/surfaces.h"

#include <vtkFlyingEdges3D.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyDataNormals.h>
#include <vtkUnsignedCharArray.h>
#include <vtkWindowedSincPolyDataFilter.h>

#include <algorithm>
#include <array>

namespace rind::rendering {
namespace {

struct Box {
  core::Index3 low{INT64_MAX, INT64_MAX, INT64_MAX};
  core::Index3 high{-1, -1, -1};

  bool empty() const { return high.z < 0; }
  void add(std::int64_t z, std::int64_t y, std::int64_t x) {
    low = {std::min(low.z, z), std::min(low.y, y), std::min(low.x, x)};
    high = {std::max(high.z, z), std::max(high.y, y), std::max(high.x, x)};
  }
};

// Above this a box is halved along each axis: a mesh finer than the screen costs seconds and shows nothing.
constexpr std::int64_t kFinestBox = 600'000;

std::vector<Box> boxesOf(core::LabelView labels, std::size_t classes) {
  std::vector<Box> boxes(classes);
  std::size_t at = 0;
  for (std::int64_t z = 0; z < labels.size.z; ++z)
    for (std::int64_t y = 0; y < labels.size.y; ++y)
      for (std::int64_t x = 0; x < labels.size.x; ++x, ++at)
        if (labels.data[at] != 0 && labels.data[at] < classes) boxes[labels.data[at]].add(z, y, x);
  return boxes;
}

// Which voxels of a class belong to the body whose surface is asked for.
struct Body {
  core::LabelView labels;
  core::DepthView depth;
  int label = 0;
  int deeper_than = 0;
  bool zero_border = false;

  bool contains(const core::Index3& at) const {
    if (labels[at] != label) return false;
    if (deeper_than == 0) return true;
    std::int64_t here = depth[at];
    if (zero_border) here = std::min(here, toFace(at));
    return here > deeper_than;
  }

  std::int64_t toFace(const core::Index3& at) const {
    const auto along = [](std::int64_t place, std::int64_t extent) {
      return extent == 1 ? std::int64_t{255} : std::min(place + 1, extent - place);
    };
    const auto& size = labels.size;
    return std::min({along(at.z, size.z), along(at.y, size.y), along(at.x, size.x)});
  }
};

// The body as 0 and 255, one empty voxel around it, so that its surface is closed.
vtkSmartPointer<vtkImageData> maskOf(const Body& body, const Box& box, std::int64_t stride, bool& any) {
  const auto cells = [&](std::int64_t low, std::int64_t high) { return (high - low) / stride + 1; };
  const std::array<std::int64_t, 3> count = {cells(box.low.x, box.high.x), cells(box.low.y, box.high.y),
                                             cells(box.low.z, box.high.z)};
  auto image = vtkSmartPointer<vtkImageData>::New();
  image->SetExtent(-1, static_cast<int>(count[0]), -1, static_cast<int>(count[1]), -1,
                   static_cast<int>(count[2]));
  image->AllocateScalars(VTK_UNSIGNED_CHAR, 1);
  auto* voxel = static_cast<unsigned char*>(image->GetScalarPointer());
  any = false;
  for (std::int64_t k = -1; k <= count[2]; ++k)
    for (std::int64_t j = -1; j <= count[1]; ++j)
      for (std::int64_t i = -1; i <= count[0]; ++i, ++voxel) {
        const core::Index3 at{box.low.z + k * stride, box.low.y + j * stride, box.low.x + i * stride};
        const bool inside = k >= 0 && j >= 0 && i >= 0 && at.z <= box.high.z && at.y <= box.high.y &&
                            at.x <= box.high.x && body.contains(at);
        *voxel = inside ? 255 : 0;
        any = any || inside;
      }
  return image;
}

// Grid points to millimetres: origin + direction · (spacing · index).
void toMillimetres(vtkPolyData& mesh, const core::Geometry& geometry, const Box& box, std::int64_t stride) {
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

vtkSmartPointer<vtkPolyData> meshOf(const Body& body, const Box& box, const core::Geometry& geometry) {
  const core::Extent3 span{box.high.z - box.low.z + 1, box.high.y - box.low.y + 1,
                           box.high.x - box.low.x + 1};
  const std::int64_t stride = span.voxels() > kFinestBox ? 2 : 1;
  bool any = false;
  const auto mask = maskOf(body, box, stride, any);
  if (!any) return nullptr;
  vtkNew<vtkFlyingEdges3D> edges;
  edges->SetInputData(mask);
  edges->SetValue(0, 127.5);
  edges->ComputeNormalsOff();
  edges->ComputeGradientsOff();
  edges->ComputeScalarsOff();
  vtkNew<vtkWindowedSincPolyDataFilter> smooth;
  smooth->SetInputConnection(edges->GetOutputPort());
  smooth->SetNumberOfIterations(15);
  smooth->SetPassBand(0.08);
  smooth->NonManifoldSmoothingOn();
  smooth->NormalizeCoordinatesOn();
  smooth->BoundarySmoothingOff();
  smooth->FeatureEdgeSmoothingOff();
  smooth->Update();
  vtkSmartPointer<vtkPolyData> mesh = smooth->GetOutput();
  toMillimetres(*mesh, geometry, box, stride);
  vtkNew<vtkPolyDataNormals> normals;
  normals->SetInputData(mesh);
  normals->SplittingOff();
  normals->ConsistencyOff();
  normals->AutoOrientNormalsOff();
  normals->Update();
  return normals->GetOutput();
}

}  // namespace

std::vector<Surface> makeSurfaces(const SurfaceInput& input, SurfaceKind kind,
                                  const std::atomic<bool>& cancel) {
  std::vector<Surface> surfaces;
  if (!input.loaded) return surfaces;
  const auto& prepared = input.loaded->prepared;
  const std::size_t classes = input.loaded->labels.size();
  core::LabelView labels = prepared.labels;
  if (kind == SurfaceKind::prediction) {
    if (!input.prediction || input.prediction->labels.size != prepared.size()) return surfaces;
    labels = input.prediction->labels.view();
  }
  const auto boxes = boxesOf(labels, classes);
  for (std::size_t c = 1; c < classes && !cancel; ++c) {
    if (boxes[c].empty()) continue;
    Body body{labels, prepared.depth, static_cast<int>(c)};
    if (kind == SurfaceKind::inner) {
      body.deeper_than = c < input.thickness.size() ? input.thickness[c] : 0;
      body.zero_border = input.border == core::Border::zero;
    }
    if (auto mesh = meshOf(body, boxes[c], prepared.geometry))
      surfaces.push_back({static_cast<int>(c), kind, mesh});
  }
  return surfaces;
}

}  // namespace rind::rendering
