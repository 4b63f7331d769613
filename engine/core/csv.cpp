#include "rind/core/csv.h"

namespace rind::core {

std::string csvCell(const std::string& content) {
  if (content.find_first_of(",\"\n\r") == std::string::npos) return content;
  std::string quoted = "\"";
  for (const char c : content) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace rind::core
