#pragma once

#include <string>

#include "rind/core/error.h"

namespace rind::core {

/// The same error with the case's name, where it does not have it.
inline InputError namingCase(const std::string& id, const InputError& error) {
  if (std::string(error.what()).find(id) != std::string::npos) return error;
  return {"case " + id, error.where() + " " + error.problem(), error.remedy()};
}

}  // namespace rind::core
