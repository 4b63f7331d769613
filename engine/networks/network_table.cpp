#include "rind/networks/deeplabv3.h"
#include "rind/networks/network.h"
#include "rind/networks/unet.h"
#include "rind/networks/unetr.h"
#include "rind/networks/vnet.h"

namespace rind::networks {

const std::vector<NetworkInfo>& networkTable() {
  static const std::vector<NetworkInfo> table = {
      // name, title, divisor, least extent, fixed patch, deep supervision
      {"unet", "U-Net", 16, 16, false, true, makeUNet},
      {"vnet", "V-Net", 16, 16, false, true, makeVNet},
      {"deeplabv3", "DeepLabV3", 8, 16, false, false, makeDeepLabV3},
      {"unetr", "UNETR", 16, 16, true, false, makeUNetR},
  };
  return table;
}

}  // namespace rind::networks
