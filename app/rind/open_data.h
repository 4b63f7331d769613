#pragma once

#include "rind/training/session.h"
#include "rind/worker/probe_service.h"

namespace rind::app {

/// Opens a configuration's data set, splits it, and prepares its cases in `cache` (the user's own where
/// empty): what a session trains on. Cases that cannot be read are left out where the configuration says so;
/// the split in the description is then without them.
training::OpenData dataOpener(const std::string& cache = {});

/// One case of a configuration's data set, prepared the same way; keeps the data set that it read last.
worker::OpenCase caseOpener();

}  // namespace rind::app
