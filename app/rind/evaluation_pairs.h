#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "rind/datasets/volume_io.h"

namespace rind::app {

struct EvaluationPair {
  std::string name;
  std::filesystem::path reference;
  std::filesystem::path prediction;
};

struct EvaluationPairs {
  std::vector<EvaluationPair> pairs;   ///< by name
  std::vector<std::string> unmatched;  ///< files without a partner
};

/// Two files, or two folders whose volumes are matched by name without extension. Throws InputError: one of
/// each, or folders without a common name.
EvaluationPairs findPairs(const std::filesystem::path& reference, const std::filesystem::path& prediction);

/// Throws InputError where the voxels of the two do not lie in the same places (.npy has no geometry to
/// compare).
void requireSameGrid(const EvaluationPair& pair, const datasets::LabelFile& reference,
                     const datasets::LabelFile& prediction);

/// `moving` at the voxel centres of `target`, nearest neighbour, 0 outside.
core::Volume<std::int32_t> resampleNearest(const datasets::LabelFile& moving, const core::Geometry& target);

}  // namespace rind::app
