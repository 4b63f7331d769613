#include "memory.h"

#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

#ifdef __SANITIZE_ADDRESS__
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // GCC's packages bring no header for it
#endif

namespace rind::soak {

double heldMegabytes() {
#ifdef __SANITIZE_ADDRESS__
  return static_cast<double>(__sanitizer_get_current_allocated_bytes()) / 1e6;
#else
  ::malloc_trim(0);
  double all = 0;
  double resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
#endif
}

double growth(const std::vector<double>& megabytes) {
  if (megabytes.size() < 6) return 0;
  const std::vector<double> kept(megabytes.begin() + static_cast<std::ptrdiff_t>(megabytes.size() / 3),
                                 megabytes.end());
  const auto count = static_cast<double>(kept.size());
  double mean = 0;
  for (const double value : kept) mean += value / count;
  double above = 0;
  double below = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const double at = static_cast<double>(i) - (count - 1) / 2;
    above += at * (kept[i] - mean);
    below += at * at;
  }
  return above / below * (count - 1);
}

}  // namespace rind::soak
