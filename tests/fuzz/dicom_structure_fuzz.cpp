#include "fuzzed.h"
#include "rind/datasets/dicom_structure.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rind::fuzz::File file("input.dcm");
  file.fill(data, size);
  rind::fuzz::readOrRefuse(file, [] { rind::datasets::requireWholeDicom(file.path()); });
  return 0;
}
