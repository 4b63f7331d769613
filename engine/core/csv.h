#pragma once

#include <string>

namespace rind::core {

/// A cell of a CSV line, quoted where it has to be (RFC 4180).
std::string csvCell(const std::string& content);

}  // namespace rind::core
