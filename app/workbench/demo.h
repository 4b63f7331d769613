#pragma once

#include <filesystem>

#include "rind/workbench/main_window.h"

namespace rind::workbench {

/// What `./dev run` does where there is no display: trains into `folder` for a few epochs, leaves
/// training.png, finished.png and model.pt there, and ends the program (0 when all is there, else 1).
void runDemo(Session& session, MainWindow& window, const std::filesystem::path& folder);

/// Prints how long it takes from a step of the slider to the repainted slice and to the new 3D band, and from
/// a scrolled slice to its picture (medians and 95th percentiles), and ends the program.
void measure(Session& session, MainWindow& window);

}  // namespace rind::workbench
