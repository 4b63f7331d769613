#include "rind/core/host.h"

#include <unistd.h>

#include <array>

namespace rind::core {

std::string hostName() {
  std::array<char, 256> host = {};
  ::gethostname(host.data(), host.size() - 1);
  return host.data();
}

}  // namespace rind::core
