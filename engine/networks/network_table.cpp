#include "rind/networks/network.h"
#include "rind/networks/unet.h"

namespace rind::networks {

const std::vector<NetworkInfo>& networkTable() {
  static const std::vector<NetworkInfo> table = {
      // name, title, divisor, least extent, fixed patch
      {"unet", "U-Net", 16, 16, false, makeUNet},
  };
  return table;
}

}  // namespace rind::networks
