#include "fuzzed.h"
#include "rind/networks/weights_file.h"

/// The checksum is made to fit: what lies before it is what is fuzzed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rind;
  static const fuzz::File file("best.weights");
  const std::string body(reinterpret_cast<const char*>(data), size);
  const std::string whole = body + networks::checksumOf(body);
  file.fill(reinterpret_cast<const std::uint8_t*>(whole.data()), whole.size());
  fuzz::readOrRefuse(file, [] {
    const networks::WeightsFile weights = networks::readWeightsFile(file.path());
    for (const auto& tensor : weights.tensors())
      fuzz::require(tensor.offset <= weights.numbers().size(), "a tensor begins within the numbers");
  });
  return 0;
}
