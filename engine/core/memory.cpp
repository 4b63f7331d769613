#include "rind/core/memory.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

#include "rind/core/error.h"

namespace rind::core {
namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

/// The number after `name` in a file of "name number" lines; the first number where `name` is empty.
std::optional<std::uint64_t> numberIn(const std::string& file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    std::uint64_t number = 0;
    if (!name.empty() && (!(words >> first) || first != name)) continue;
    if (words >> number) return number;
    return std::nullopt;  // "max"
  }
  return std::nullopt;
}

std::uint64_t difference(std::uint64_t whole, std::uint64_t part) {
  return whole > part ? whole - part : 0;
}

std::uint64_t leftInSystem() {
  const auto kibibytes = numberIn("/proc/meminfo", "MemAvailable:");
  return kibibytes ? *kibibytes * 1024 : kUnlimited;
}

/// Of a container, whose processes are ended beyond its limit. Its page cache can be given up.
std::uint64_t leftInGroup(const std::string& limit, const std::string& used, const std::string& cache) {
  const std::string folder = "/sys/fs/cgroup/";
  const auto most = numberIn(folder + limit, "");
  const auto now = numberIn(folder + used, "");
  if (!most || !now) return kUnlimited;
  return difference(*most, difference(*now, numberIn(folder + cache, "inactive_file").value_or(0)));
}

/// Of the address space where `ulimit -v` bounds it.
std::uint64_t leftInProcess() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
  const auto kibibytes = numberIn("/proc/self/status", "VmSize:");
  return difference(limit.rlim_cur, kibibytes.value_or(0) * 1024);
}

}  // namespace

std::string describeBytes(double bytes) {
  constexpr double kMebibyte = 1024.0 * 1024.0;
  char text[32];
  if (bytes < 1024 * kMebibyte)
    std::snprintf(text, sizeof text, "%.0f MiB", bytes / kMebibyte);
  else
    std::snprintf(text, sizeof text, "%.1f GiB", bytes / (1024 * kMebibyte));
  return text;
}

std::uint64_t availableMemory() {
  return std::min(
      {leftInSystem(), leftInProcess(), leftInGroup("memory.max", "memory.current", "memory.stat"),
       leftInGroup("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat")});
}

void requireMemory(const std::string& where, const std::string& what, double bytes) {
  const auto left = static_cast<double>(availableMemory());
  if (bytes <= left) return;
  throw InputError(
      where, what + " needs " + describeBytes(bytes) + " of memory and " + describeBytes(left) + " are left",
      "crop or resample the volume, or use a machine with more memory");
}

}  // namespace rind::core
