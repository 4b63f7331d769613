#pragma once

#include <QImage>

#include "rind/rendering/render_widget.h"
#include "rind/rendering/shell_scene.h"

namespace rind::rendering {

struct ScenePicture {
  QSize pixels;
  /// Of letters, to their size on a plain screen.
  double scale = 1;
  bool transparent = false;
  /// Longest side that is drawn in one piece; a larger picture, or one larger than the driver allows, is
  /// drawn in tiles.
  int longest_tile = 4096;
};

/// Draws the scene off screen as the widget's camera sees it: the angle of view spans the shorter side.
/// Throws InputError where there is no OpenGL to draw with or it gives no picture of that size.
QImage drawScene(RenderWidget& widget, ShellScene& scene, const ScenePicture& picture);

}  // namespace rind::rendering
