#pragma once

#include <string>

namespace rind::workbench {

/// One line on standard error, as the command line says every error: "rind-workbench: error: WHAT".
void sayError(const std::string& what);

}  // namespace rind::workbench
