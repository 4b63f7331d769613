#pragma once

#include "rind/workbench/main_window.h"

namespace rind::workbench {

/// Uses the window as a hand would (the slider n, slices, other cases) and prints how long it takes to
/// answer, a line each; then ends the program. To be called before a source is opened. Where a training is to
/// be started, waits for its first step and measures while it runs.
void measure(Session& session, MainWindow& window, bool while_training);

}  // namespace rind::workbench
