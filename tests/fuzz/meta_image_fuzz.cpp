#include "volume_property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rind::fuzz::File file("input.mha");
  file.fill(data, size);
  rind::fuzz::volumeComesBack(file, ".mha");
  return 0;
}
