#pragma once

#include <cstdint>
#include <string>

namespace rind::core {

/// Bytes that are left for new allocations: of the system, of the container (cgroup) and of the address space
/// (`ulimit -v`), whichever is least; the largest number where none says.
std::uint64_t availableMemory();

/// "1.2 GiB", "640 MiB".
std::string describeBytes(double bytes);

/// Throws InputError naming `where` when `bytes` are more than is left; `what` is the thing that needs them
/// ("a depth map of 512x512x512 voxels").
void requireMemory(const std::string& where, const std::string& what, double bytes);

}  // namespace rind::core
