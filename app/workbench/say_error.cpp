#include "rind/workbench/say_error.h"

#include <iostream>

namespace rind::workbench {

void sayError(const std::string& what) {
  std::cerr << "rind-workbench: error: " << what.substr(0, what.find('\n')) << std::endl;
}

}  // namespace rind::workbench
