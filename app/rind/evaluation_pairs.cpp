#include "evaluation_pairs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "rind/core/error.h"

namespace rind::app {
namespace fs = std::filesystem;
namespace {

using Files = std::map<std::string, fs::path>;

Files volumesIn(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!datasets::isVolumeFile(entry.path())) continue;
    const auto [place, added] = files.emplace(datasets::volumeStem(entry.path()), entry.path());
    if (!added)
      throw core::InputError(entry.path().string(),
                             "it has the same name as " + place->second.filename().string(),
                             "keep one of them in the folder");
  }
  return files;
}

/// x, y, z in millimetres of voxel (i, j, k), counted along x, y, z.
std::array<double, 3> place(const core::Geometry& g, const std::array<double, 3>& index) {
  const std::array<double, 3> step = {g.spacing.x * index[0], g.spacing.y * index[1], g.spacing.z * index[2]};
  std::array<double, 3> at = g.origin;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      at[row] += g.direction[3 * row + column] * step[column];
  return at;
}

/// The inverse of `place` (directions are orthonormal).
std::array<double, 3> indexAt(const core::Geometry& g, const std::array<double, 3>& at) {
  const std::array<double, 3> spacing = {g.spacing.x, g.spacing.y, g.spacing.z};
  std::array<double, 3> index = {};
  for (std::size_t column = 0; column < 3; ++column) {
    for (std::size_t row = 0; row < 3; ++row)
      index[column] += g.direction[3 * row + column] * (at[row] - g.origin[row]);
    index[column] /= spacing[column];
  }
  return index;
}

/// Largest distance in mm between the places of the same corner of two grids of one size.
double cornersApart(const core::Geometry& a, const core::Geometry& b) {
  double most = 0;
  for (unsigned corner = 0; corner < 8; ++corner) {
    const auto end = [&](unsigned bit, std::int64_t extent) {
      return (corner & bit) != 0 ? static_cast<double>(extent - 1) : 0.0;
    };
    const std::array<double, 3> index = {end(1, a.size.x), end(2, a.size.y), end(4, a.size.z)};
    const auto p = place(a, index), q = place(b, index);
    most = std::max(most, std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return most;
}

}  // namespace

EvaluationPairs findPairs(const fs::path& reference, const fs::path& prediction) {
  for (const fs::path& path : {reference, prediction})
    if (!fs::exists(path))
      throw core::InputError(path.string(), "there is no such file or folder", "check the name");
  if (fs::is_directory(reference) != fs::is_directory(prediction))
    throw core::InputError(prediction.string(),
                           "one of reference and prediction is a folder and the other a file",
                           "give two files or two folders");
  EvaluationPairs found;
  if (!fs::is_directory(reference)) {
    found.pairs.push_back({datasets::volumeStem(reference), reference, prediction});
    return found;
  }
  const Files references = volumesIn(reference), predictions = volumesIn(prediction);
  for (const auto& [name, file] : references) {
    const auto partner = predictions.find(name);
    if (partner == predictions.end())
      found.unmatched.push_back(file.string());
    else
      found.pairs.push_back({name, file, partner->second});
  }
  for (const auto& [name, file] : predictions)
    if (!references.contains(name)) found.unmatched.push_back(file.string());
  if (found.pairs.empty())
    throw core::InputError(prediction.string(), "no volume has the name of one in " + reference.string(),
                           "give files that belong together the same name");
  return found;
}

void requireSameGrid(const EvaluationPair& pair, const datasets::LabelFile& reference,
                     const datasets::LabelFile& prediction) {
  const core::Geometry &a = reference.geometry, &b = prediction.geometry;
  if (a.size != b.size)
    throw core::InputError(
        pair.prediction.string(),
        "it has " + core::toString(b.size) + " voxels, the reference " + core::toString(a.size),
        "give both on the same grid, or add --resample");
  if (pair.reference.extension() == ".npy" || pair.prediction.extension() == ".npy") return;
  const double apart = cornersApart(a, b);
  if (apart > 0.1 * std::min({a.spacing.x, a.spacing.y, a.spacing.z}))
    throw core::InputError(
        pair.prediction.string(),
        "its voxels lie up to " + std::to_string(apart) + " mm from those of the reference",
        "give both on the same grid, or add --resample");
}

core::Volume<std::int32_t> resampleNearest(const datasets::LabelFile& moving, const core::Geometry& target) {
  core::Volume<std::int32_t> result(target.size);
  const core::Extent3& from = moving.geometry.size;
  for (std::int64_t z = 0; z < target.size.z; ++z)
    for (std::int64_t y = 0; y < target.size.y; ++y)
      for (std::int64_t x = 0; x < target.size.x; ++x) {
        const auto at =
            place(target, {static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)});
        const auto index = indexAt(moving.geometry, at);
        const core::Index3 nearest = {std::llround(index[2]), std::llround(index[1]), std::llround(index[0])};
        const bool inside = nearest.z >= 0 && nearest.y >= 0 && nearest.x >= 0 && nearest.z < from.z &&
                            nearest.y < from.y && nearest.x < from.x;
        if (inside) result[{z, y, x}] = moving.labels[nearest];
      }
  return result;
}

}  // namespace rind::app
