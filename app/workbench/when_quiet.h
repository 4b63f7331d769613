#pragma once

#include <functional>

#include "rind/workbench/main_window.h"

namespace rind::workbench {

/// Calls `ready` once nothing is being loaded, meshed, probed, drawn small, checked or waiting to be painted.
void whenQuiet(Session& session, MainWindow& window, std::function<void()> ready);

/// Ends the program with this status as soon as the events under way are done.
void finish(int status);

}  // namespace rind::workbench
