#pragma once

#include <QPainter>
#include <QString>
#include <vector>

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

/// A text over a slice.
struct SliceText {
  QRectF box;
  int flags = 0;  // Qt::AlignmentFlag and Qt::TextFlag, of the text in the box
  QString text;
  QRectF covered;      // of the box; of the scale's length, with its bar
  bool plate = false;  // whether it has a ground of its own
};

/// Title, scale, read-out and letters of direction, in the painter's font: none lies over another.
std::vector<SliceText> sliceTexts(QPainter& painter, const SliceFurniture& furniture);

/// Crosshair, slice number, letters of direction, scale bar and read-out.
void drawFurniture(QPainter& painter, const SliceFurniture& furniture);

}  // namespace rind::panels
