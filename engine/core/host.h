#pragma once

#include <string>

namespace rind::core {

/// This machine's name, as run folders record whose trainer holds them.
std::string hostName();

}  // namespace rind::core
