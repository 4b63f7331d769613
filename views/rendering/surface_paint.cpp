#include "rind/rendering/surface_paint.h"

#include <vtkFloatArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkStaticCellLocator.h>

#include <algorithm>
#include <cmath>

namespace rind::rendering {
namespace {

/// Millimetres to the nearest voxel.
class VoxelOf {
 public:
  explicit VoxelOf(const core::Geometry& geometry) : geometry_(geometry) {}

  core::Index3 operator()(const double* point) const {
    double along[3] = {0, 0, 0};
    for (int axis = 0; axis < 3; ++axis)
      for (int row = 0; row < 3; ++row)
        along[axis] += geometry_.direction[static_cast<std::size_t>(3 * row + axis)] *
                       (point[row] - geometry_.origin[static_cast<std::size_t>(row)]);
    return {std::llround(along[2] / geometry_.spacing.z), std::llround(along[1] / geometry_.spacing.y),
            std::llround(along[0] / geometry_.spacing.x)};
  }

 private:
  const core::Geometry& geometry_;
};

bool contains(const core::Extent3& size, const core::Index3& at) {
  return at.z >= 0 && at.y >= 0 && at.x >= 0 && at.z < size.z && at.y < size.y && at.x < size.x;
}

template <class Number>
Surface painted(const Surface& surface, const char* name, Number number) {
  Surface copy{surface.label, SurfaceKind::painted, vtkSmartPointer<vtkPolyData>::New()};
  copy.mesh->ShallowCopy(surface.mesh);
  const vtkIdType count = copy.mesh->GetNumberOfPoints();
  vtkNew<vtkFloatArray> values;
  values->SetName(name);
  values->SetNumberOfTuples(count);
  for (vtkIdType i = 0; i < count; ++i) {
    double point[3];
    copy.mesh->GetPoint(i, point);
    values->SetValue(i, static_cast<float>(number(point)));
  }
  copy.mesh->GetPointData()->SetScalars(values);
  return copy;
}

Surface withDistanceTo(const Surface& surface, const Surface& reference, const models::LoadedCase& loaded) {
  vtkNew<vtkPolyData> triangles;  // the locator builds what it needs in a copy, not in what is being drawn
  triangles->ShallowCopy(reference.mesh);
  vtkNew<vtkStaticCellLocator> locator;
  locator->SetDataSet(triangles);
  locator->BuildLocator();
  const VoxelOf voxel_of(loaded.prepared.geometry);
  const auto& labels = loaded.prepared.labels;
  return painted(surface, "distance", [&](const double* point) {
    double nearest[3];
    vtkIdType cell = 0;
    int part = 0;
    double squared = 0;
    locator->FindClosestPoint(point, nearest, cell, part, squared);
    const core::Index3 at = voxel_of(point);
    const bool inside = contains(labels.size, at) && labels[at] == surface.label;
    return inside ? -std::sqrt(squared) : std::sqrt(squared);
  });
}

}  // namespace

std::vector<Surface> withDistance(const std::vector<Surface>& predicted,
                                  const std::vector<Surface>& reference, const models::LoadedCase& loaded,
                                  const std::atomic<bool>& cancel) {
  std::vector<Surface> result;
  for (const auto& surface : predicted) {
    if (cancel) return {};
    const auto own = std::find_if(reference.begin(), reference.end(),
                                  [&](const Surface& other) { return other.label == surface.label; });
    result.push_back(own == reference.end() ? painted(surface, "distance", [](const double*) { return kFar; })
                                            : withDistanceTo(surface, *own, loaded));
  }
  return result;
}

std::vector<Surface> withHeat(const std::vector<Surface>& reference, const core::Geometry& geometry,
                              const models::HeatMap& heat, const std::atomic<bool>& cancel) {
  const VoxelOf voxel_of(geometry);
  std::vector<Surface> result;
  for (const auto& surface : reference) {
    if (cancel) return {};
    result.push_back(painted(surface, "gradient", [&](const double* point) {
      const core::Index3 at = voxel_of(point);
      std::uint8_t most = heat.at(at);
      for (const auto& step :
           {core::Index3{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}})
        most = std::max(most, heat.at({at.z + step.z, at.y + step.y, at.x + step.x}));
      return most / 255.0;
    }));
  }
  return result;
}

double rangeOf(const std::vector<Surface>& surfaces) {
  std::vector<float> sizes;
  for (const auto& surface : surfaces) {
    const auto* values = vtkFloatArray::SafeDownCast(surface.mesh->GetPointData()->GetScalars());
    for (vtkIdType i = 0; values != nullptr && i < values->GetNumberOfTuples(); ++i)
      if (std::abs(values->GetValue(i)) < kFar) sizes.push_back(std::abs(values->GetValue(i)));
  }
  if (sizes.empty()) return 1;
  const auto place = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() * 98 / 100);
  std::nth_element(sizes.begin(), place, sizes.end());
  for (const double round : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0})
    if (static_cast<double>(*place) <= round) return round;
  return 100;
}

}  // namespace rind::rendering
