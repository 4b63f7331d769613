#pragma once

#include "rind/training/session.h"

namespace rind::app {

/// Opens a configuration's data set, splits it, and prepares its cases: what a session trains on.
training::OpenData dataOpener();

}  // namespace rind::app
