#include <set>

#include "fuzzed.h"
#include "rind/datasets/data_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rind;
  static const fuzz::File file("split.json");
  static const datasets::DataSet phantom = datasets::openDataSet("phantom:amos,cases=4");
  file.fill(data, size);
  fuzz::readOrRefuse(file, [] {
    const auto split = datasets::chooseSplit(phantom, file.path().string(), 0.2, 1);
    std::set<std::string> all(split.training.begin(), split.training.end());
    all.insert(split.validation.begin(), split.validation.end());
    fuzz::require(all.size() == split.training.size() + split.validation.size(), "each case on one side");
  });
  return 0;
}
