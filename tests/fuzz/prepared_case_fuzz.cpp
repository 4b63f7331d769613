#include "fuzzed.h"
#include "rind/core/nrrd.h"
#include "rind/core/prepared_case.h"

namespace {

using namespace rind;

/// A prepared case of 2 x 3 x 4 voxels whose case.json is the input.
void asCase(const std::uint8_t* data, std::size_t size) {
  static const fuzz::File file("case.json");
  static const bool written = [] {
    for (const auto& [name, bytes] : {std::pair{"image.raw", 96}, {"labels.raw", 24}, {"depth.raw", 24}})
      std::ofstream(file.folder() / name, std::ios::binary)
          << std::string(static_cast<std::size_t>(bytes), '\1');
    return true;
  }();
  (void)written;
  file.fill(data, size);
  try {
    const core::PreparedCase prepared = core::openPreparedCase(file.folder());
    float sum = 0;
    const auto voxels = static_cast<std::size_t>(prepared.size().voxels());
    for (std::size_t i = 0; i < voxels; ++i)
      sum += prepared.image[i] + static_cast<float>(prepared.labels.data[i] + prepared.depth.data[i]);
    fuzz::require(sum != 0, "all voxels can be read");
  } catch (const core::InputError& error) {
    fuzz::require(error.where().find(file.folder().string()) == 0, "the error names a file of the case");
  }
}

/// A preview of a run.
void asPreview(const std::uint8_t* data, std::size_t size) {
  static const fuzz::File file("preview.nrrd");
  file.fill(data, size);
  fuzz::readOrRefuse(file, [] {
    const auto image = core::readLabelNrrd(file.path());
    fuzz::require(image.labels.voxels.size() == static_cast<std::size_t>(image.geometry.size.voxels()),
                  "all voxels");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  asCase(data, size);
  asPreview(data, size);
  return 0;
}
