#include "rind/core/memory.h"

#include <cstdio>
#include <fstream>
#include <limits>
#include <optional>

#include "rind/core/error.h"

namespace rind::core {
namespace {

std::optional<std::uint64_t> leftInSystem() {
  std::ifstream file("/proc/meminfo");
  for (std::string name, unit; file >> name;) {
    std::uint64_t kibibytes = 0;
    if (!(file >> kibibytes)) break;
    if (name == "MemAvailable:") return kibibytes * 1024;
    std::getline(file, unit);
  }
  return std::nullopt;
}

std::string gibibytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GiB", bytes / (1024.0 * 1024.0 * 1024.0));
  return text;
}

}  // namespace

std::uint64_t availableMemory() {
  return leftInSystem().value_or(std::numeric_limits<std::uint64_t>::max());
}

void requireMemory(const std::string& where, const std::string& what, double bytes) {
  const auto left = static_cast<double>(availableMemory());
  if (bytes <= left) return;
  throw InputError(where,
                   what + " needs " + gibibytes(bytes) + " of memory and " + gibibytes(left) + " are left",
                   "crop or resample the volume, or use a machine with more memory");
}

}  // namespace rind::core
