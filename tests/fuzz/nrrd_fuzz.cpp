#include "volume_property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rind::fuzz::File file("input.nrrd");
  file.fill(data, size);
  rind::fuzz::volumeComesBack(file, ".nrrd");
  return 0;
}
