#pragma once

#include <QPainter>
#include <QString>

#include "rind/models/plane_axes.h"

namespace rind::panels {

/// "axial", "coronal", "sagittal".
QString planeName(models::Plane plane);

/// What is drawn over a slice, in the painter's own units; `ratio` of the frame's pixels to one of them.
struct SliceFurniture {
  const models::CaseModel& model;
  models::Plane plane;
  const models::PlaneAxes& axes;
  const models::SliceFrame& frame;
  QSizeF size;
  double ratio = 1;
  /// Letters with a rim all around, for a picture that may be laid on white.
  bool rimmed = false;
  QString read_out;
};

/// Crosshair, slice number, letters of direction, scale bar and read-out.
void drawFurniture(QPainter& painter, const SliceFurniture& furniture);

}  // namespace rind::panels
