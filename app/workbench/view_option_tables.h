#pragma once

#include "rind/workbench/view_options.h"

namespace rind::workbench {

// The parts of viewOptions(), in its order.

/// What the slices show of the case: place, zoom, layers, greys, organs.
std::vector<ViewOption> caseOptions();
/// What the 3D view shows, and from where.
std::vector<ViewOption> sceneOptions();
/// Which of the window's parts are seen.
std::vector<ViewOption> windowOptions();

}  // namespace rind::workbench
