#include "rind/contour/depth_map.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "rind/contour/depth_pass.h"
#include "rind/core/error.h"
#include "rind/core/memory.h"

namespace rind::contour {
namespace {

// Levels a pass: more of them cross memory less often, fewer need fewer planes around a tile (measured).
constexpr int kLevelsAPass = 8;
constexpr int kLevelsOfASinglePass = kThickestWithoutMap;
// What a tile may work in, so that it stays in a core's second-level cache.
constexpr std::int64_t kTileBytes = 640 * 1024;

/// The same voxels with the axes of extent 1 moved out of the way: they are no axes, and work is shared out
/// along the first one. An image of 1×H×W becomes H planes of one row.
core::Extent3 withoutFlatAxes(const core::Extent3& size) {
  std::vector<std::int64_t> axes;
  for (const std::int64_t extent : {size.z, size.y, size.x})
    if (extent > 1) axes.push_back(extent);
  if (axes.size() == 3) return size;
  if (axes.size() == 2) return {axes[0], 1, axes[1]};
  return {1, 1, axes.empty() ? 1 : axes[0]};
}

std::vector<Tile> tilesOf(const core::Extent3& size, std::int64_t along_z, std::int64_t along_y) {
  std::vector<Tile> tiles;
  for (std::int64_t i = 0; i < along_z; ++i)
    for (std::int64_t j = 0; j < along_y; ++j)
      tiles.push_back({size.z * i / along_z, size.z * (i + 1) / along_z, size.y * j / along_y,
                       size.y * (j + 1) / along_y});
  return tiles;
}

/// Rows that all tiles together compute, those around each included.
std::int64_t work(const core::Extent3& size, std::int64_t along_z, std::int64_t along_y, int levels) {
  const std::int64_t z = along_z == 1 ? size.z : size.z + 2 * levels * along_z;
  const std::int64_t y = along_y == 1 ? size.y : size.y + 2 * levels * along_y;
  return z * y;
}

/// Threads are not worth waking for fewer voxels each.
constexpr std::int64_t kVoxelsAThread = 1 << 15;

int threadsFor(const core::Extent3& size) {
  return static_cast<int>(std::min<std::int64_t>(omp_get_max_threads(), 1 + size.voxels() / kVoxelsAThread));
}

/// At least one tile a thread, each small enough for the cache, with as little computed twice as may be.
std::vector<Tile> shareOut(const core::Extent3& size, int levels) {
  const std::int64_t threads = threadsFor(size);
  const std::int64_t row = tileBytes(1, size.x, levels) / 3;
  const std::int64_t rows = std::max<std::int64_t>(kTileBytes / row - 2 * levels, 4 * levels);
  const std::int64_t least = (size.y + rows - 1) / rows;
  std::int64_t best_z = 1, best_y = least;
  std::int64_t best = -1;
  for (std::int64_t y = least; y <= std::min(size.y, std::max(least, threads)); ++y) {
    const std::int64_t z = std::min(size.z, (threads + y - 1) / y);
    const std::int64_t cost = work(size, z, y, levels) / std::min(threads, z * y);
    if (best >= 0 && cost >= best) continue;
    best = cost;
    best_z = z;
    best_y = y;
  }
  return tilesOf(size, best_z, best_y);
}

TileResult runPass(const DepthPass& pass) {
  const std::vector<Tile> tiles = shareOut(pass.labels.size, pass.levels);
  const int threads = static_cast<int>(
      std::min<std::size_t>(tiles.size(), static_cast<std::size_t>(threadsFor(pass.labels.size))));
  bool any_set = false, all_set = true;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(|| : any_set) reduction(&& : all_set)
  for (std::size_t i = 0; i < tiles.size(); ++i) {  // NOLINT(modernize-loop-convert): OpenMP counts
    const TileResult result = runTile(pass, tiles[i]);
    any_set = any_set || result.any_set;
    all_set = all_set && result.all_set;
  }
  return {any_set, all_set};
}

/// Takes the map to min(depth, cap + 1). Returns whether any voxel has a finite depth; if none has, the map
/// is not finished.
bool runPasses(DepthPass pass, int cap) {
  if (cap <= kLevelsOfASinglePass) {
    pass.levels = cap;
    runPass(pass);
    return true;
  }
  std::optional<BitVolume> last, next(pass.labels.size);
  for (int done = 0; done < cap; done += pass.levels) {
    pass.levels = std::min(kLevelsAPass, cap - done);
    pass.from = last ? &*last : nullptr;
    pass.to = &*next;
    const TileResult seen = runPass(pass);
    if (!seen.any_set) return false;
    if (seen.all_set) return true;
    if (!last) last.emplace(pass.labels.size);
    last->swap(*next);
  }
  return true;
}

void requireVoxels(const core::Extent3& size, double bytes_a_voxel) {
  const std::string shape = core::toString(size);
  if (size.z < 1 || size.y < 1 || size.x < 1)
    throw core::InputError("labels", "a volume of " + shape + " voxels is empty", "give one with voxels");
  const double voxels =
      static_cast<double>(size.z) * static_cast<double>(size.y) * static_cast<double>(size.x);
  core::requireMemory("labels", "the depth map of " + shape + " voxels", voxels * bytes_a_voxel);
}

DepthPass passOver(core::LabelView labels, core::Border border) {
  DepthPass pass;
  pass.labels = {withoutFlatAxes(labels.size), labels.data};
  pass.zero_border = border == core::Border::zero;
  return pass;
}

void requireCap(int cap) {
  if (cap < 1 || cap > kLargestCap)
    throw core::InputError("cap", std::to_string(cap) + " is no cap of a byte map", "give one in 1 to 254");
}

}  // namespace

void depthMap(core::LabelView labels, int cap, core::Border border, std::uint8_t* out) {
  requireCap(cap);
  requireVoxels(labels.size, cap > kLevelsOfASinglePass ? 0.25 : 0.0);
  DepthPass pass = passOver(labels, border);
  pass.depth = out;
  if (!runPasses(pass, cap)) std::fill_n(out, labels.count(), static_cast<std::uint8_t>(cap + 1));
}

core::DepthVolume depthMap(core::LabelView labels, int cap, core::Border border) {
  requireCap(cap);
  requireVoxels(labels.size, cap > kLevelsOfASinglePass ? 1.25 : 1.0);
  core::DepthVolume map(labels.size);
  depthMap(labels, cap, border, map.voxels.data());
  return map;
}

void bandWithoutMap(core::LabelView labels, int thickness, core::Border border, bool include_background,
                    std::uint8_t* out) {
  if (thickness < 1 || thickness > kThickestWithoutMap)
    throw core::InputError("thickness", std::to_string(thickness) + " needs a depth map", "take bandMask");
  requireVoxels(labels.size, 0);
  DepthPass pass = passOver(labels, border);
  pass.band = out;
  pass.band_of_background = include_background;
  pass.levels = thickness;
  runPass(pass);
}

core::Volume<std::int16_t> exactDepthMap(core::LabelView labels, core::Border border) {
  requireVoxels(labels.size, 2.25);
  core::Volume<std::int16_t> map(labels.size);
  DepthPass pass = passOver(labels, border);
  pass.exact_depth = map.voxels.data();
  if (!runPasses(pass, kInfiniteDepth - 2)) std::fill(map.voxels.begin(), map.voxels.end(), kInfiniteDepth);
  return map;
}

}  // namespace rind::contour
