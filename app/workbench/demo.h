#pragma once

#include <filesystem>

#include "rind/workbench/main_window.h"

namespace rind::workbench {

/// What `./dev run` does where there is no display: trains into `folder` for a few epochs, leaves
/// training.png, finished.png and model.pt there, and ends the program (0 when all is there, else 1).
void runDemo(Session& session, MainWindow& window, const std::filesystem::path& folder);

}  // namespace rind::workbench
