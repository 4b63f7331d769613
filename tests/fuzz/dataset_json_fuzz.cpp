#include "fuzzed.h"
#include "rind/datasets/dataset_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rind::fuzz::File file("dataset.json");
  file.fill(data, size);
  rind::fuzz::readOrRefuse(file, [] {
    const auto description = rind::datasets::readDatasetJson(file.path());
    rind::fuzz::require(description.labels.size() >= 2, "a background and a label");
    rind::fuzz::require(description.labels[0].value == 0, "the background comes first");
  });
  return 0;
}
