#pragma once

#include <vtkPolyData.h>
#include <vtkSmartPointer.h>

#include <atomic>
#include <vector>

namespace rind::rendering {

/// Takes the voxels' stairs out of closed surfaces, in place, with Taubin's windowed sinc ("Optimal surface
/// smoothing as filter design", 1996), which keeps volume. Points are in voxels of one grid, as marching
/// cubes makes them: whole or half. Those that lie at one place are one point to the filter: where two
/// surfaces touch, they stay together. Empty pointers are
/// left out. More iterations are smoother. Gives up early where `cancel` is set.
void smoothTogether(std::vector<vtkSmartPointer<vtkPolyData>> surfaces, int iterations,
                    const std::atomic<bool>& cancel);

}  // namespace rind::rendering
