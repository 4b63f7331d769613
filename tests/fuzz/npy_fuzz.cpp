#include "volume_property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rind::fuzz::File file("input.npy");
  file.fill(data, size);
  rind::fuzz::volumeComesBack(file, ".npy");
  return 0;
}
