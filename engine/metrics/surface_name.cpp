#include "rind/core/error.h"
#include "rind/metrics/class_score.h"

namespace rind::metrics {

Surface parseSurface(const std::string& text) {
  if (text == "voxel") return Surface::voxel;
  if (text == "surfel") return Surface::surfel;
  throw core::InputError("--surface", "\"" + text + "\" is no definition of a surface",
                         "use voxel or surfel");
}

std::string toString(Surface surface) {
  return surface == Surface::voxel ? "voxel" : "surfel";
}

}  // namespace rind::metrics
