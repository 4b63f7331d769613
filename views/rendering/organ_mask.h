#pragma once

#include <vtkImageData.h>
#include <vtkSmartPointer.h>

#include "rind/models/label_boxes.h"

namespace rind::rendering {

/// Which voxels belong to the body whose surface is asked for: those of a class, or of them only what lies
/// deeper than a band is thick.
struct Body {
  core::LabelView labels;
  core::DepthView depth;  // of the labels, replicate border; not read where deeper_than is 0
  int label = 0;
  int deeper_than = 0;
  bool zero_border = false;
  models::Box box;  // around the class
};

/// The part of the body's box that can hold any of it; empty where the band takes all.
models::Box boxOf(const Body& body);

/// The body as 0 and 255 on every `stride`-th voxel of `box`, one empty voxel around it, so that its surface
/// is closed. Nothing where there is no voxel of it.
vtkSmartPointer<vtkImageData> maskOf(const Body& body, const models::Box& box, std::int64_t stride);

}  // namespace rind::rendering
