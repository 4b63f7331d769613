#include "rind/datasets/case_loading.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <unordered_map>

#include "rind/contour/depth_map.h"
#include "rind/core/error.h"
#include "rind/datasets/cropping.h"
#include "rind/datasets/normalisation.h"
#include "rind/datasets/parallel.h"
#include "rind/datasets/phantom.h"
#include "rind/datasets/resampling.h"
#include "rind/datasets/volume_reading.h"

namespace rind::datasets {
namespace {

constexpr int kDepthCap = 254;

struct OwnedCase {
  core::FloatBuffer image;
  core::LabelVolume labels;
  core::DepthVolume depth;
};

std::array<double, 3> corner(const core::Geometry& g, bool z, bool y, bool x) {
  return core::pointAlong(g, {x ? static_cast<double>(g.size.x - 1) * g.spacing.x : 0,
                              y ? static_cast<double>(g.size.y - 1) * g.spacing.y : 0,
                              z ? static_cast<double>(g.size.z - 1) * g.spacing.z : 0});
}

/// Resampled, normalised and cropped, channel by channel.
struct NetworkInput {
  core::Geometry grid;       // of the box
  core::Geometry uncropped;  // of all of it
  Box box;
  core::FloatBuffer image;
};

Box boxOf(const Image& image, const core::Geometry& grid, const core::Crop& crop) {
  Box box{{0, 0, 0}, grid.size};
  if (crop.nonzero)
    box = onGrid(nonzeroBox(image.voxels.data(), image.channels, image.geometry.size), image.geometry.size,
                 grid.size);
  return around(box, crop.size, grid.size);
}

/// `files` are for what is said of a channel.
NetworkInput asNetworkInput(Image image, const core::Geometry& grid, const core::Preprocessing& preprocessing,
                            const std::vector<std::filesystem::path>& files) {
  const auto from = static_cast<std::size_t>(image.geometry.size.voxels());
  const auto to = static_cast<std::size_t>(grid.size.voxels());
  const bool same = grid == image.geometry;
  NetworkInput out{grid, grid, boxOf(image, grid, preprocessing.crop), {}};
  const auto kept = static_cast<std::size_t>(out.box.size.voxels());
  const bool whole = kept == to;
  const auto channels = static_cast<std::size_t>(image.channels);
  out.grid = croppedGrid(grid, out.box);
  if (same && whole)
    out.image = std::move(image.voxels);
  else
    out.image.resize(kept * channels);
  const float* const all = same && whole ? out.image.data() : image.voxels.data();
  forEachInParallel(channels, 0, [&](std::size_t c) {
    const float* const read = all + c * from;
    if (firstNotFinite(read, from) != from)
      throw core::InputError(fileOfChannel(files, image.channels, c),
                             "holds voxels that are not a number or infinite",
                             "replace them (for instance by 0)");
    float* result = out.image.data() + c * kept;
    core::FloatBuffer uncropped(same || whole ? 0 : to);
    float* voxels = whole ? result : same ? image.voxels.data() + c * from : uncropped.data();
    if (!same) resampleImage(read, image.geometry, grid, preprocessing.interpolation, voxels);
    normalise(voxels, to, preprocessing.normalisation);
    if (!whole) copyBox(voxels, grid.size, out.box, result);
  });
  return out;
}

core::Geometry gridFor(const core::Geometry& geometry, const core::Preprocessing& preprocessing,
                       const std::string& where) {
  if (!preprocessing.spacing) return geometry;
  core::Geometry grid = resampledGrid(geometry, *preprocessing.spacing);
  checkedBytes({grid.size, 1, sizeof(float), 1e12}, where);
  return grid;
}

core::PreparedCase assemble(std::string id, NetworkInput input, int channels, core::LabelVolume labels) {
  OwnedCase owned;
  if (labels.size == input.grid.size) {
    owned.labels = std::move(labels);
  } else {
    owned.labels = core::LabelVolume(input.grid.size);
    copyBox(labels.voxels.data(), labels.size, input.box, owned.labels.voxels.data());
  }
  owned.image = std::move(input.image);
  owned.depth = contour::depthMap(owned.labels, kDepthCap, core::Border::replicate);
  auto memory = std::make_shared<OwnedCase>(std::move(owned));
  core::PreparedCase out{std::move(id), input.grid, channels};
  out.image = memory->image.data();
  out.labels = memory->labels;
  out.depth = memory->depth;
  out.memory = memory;
  return out;
}

core::PreparedCase loadPhantom(const DataSet& data, const CaseFiles& files,
                               const core::Preprocessing& preprocessing) {
  PhantomCase phantom = renderPhantom(*data.phantom, phantomIndex(data, files));
  const core::Geometry grid = gridFor(phantom.geometry, preprocessing, files.id);
  core::LabelVolume labels = resampleLabels(phantom.labels, phantom.geometry, grid);
  NetworkInput input = asNetworkInput({phantom.geometry, phantom.channels, std::move(phantom.image), {}},
                                      grid, preprocessing, {files.id});
  return assemble(files.id, std::move(input), phantom.channels, std::move(labels));
}

}  // namespace

std::string fileOfChannel(const std::vector<std::filesystem::path>& files, int channels, std::size_t c) {
  if (files.empty()) return {};
  return files[files.size() == static_cast<std::size_t>(channels) ? c : 0].string();
}

double distanceInVoxels(const core::Geometry& a, const core::Geometry& b) {
  if (!(a.size == b.size)) return std::numeric_limits<double>::infinity();
  const double voxel = std::min({a.spacing.z, a.spacing.y, a.spacing.x});
  double most = 0;
  for (int k = 0; k < 8; ++k) {
    const auto p = corner(a, k & 4, k & 2, k & 1), q = corner(b, k & 4, k & 2, k & 1);
    most = std::max(most, std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return most / voxel;
}

void requireSamePlace(const core::Geometry& image, const core::Geometry& other,
                      const std::filesystem::path& file) {
  if (!(image.size == other.size))
    throw core::InputError(file.string(),
                           "has " + core::toString(other.size) + " voxels where the case's first image has " +
                               core::toString(image.size),
                           "give files of one grid (resample or replace this one)");
  const double apart = distanceInVoxels(image, other);
  if (apart > kMostVoxelsApart)
    throw core::InputError(file.string(),
                           "lies elsewhere in the patient than the case's first image (corners are " +
                               std::to_string(apart) + " voxels apart)",
                           "give files of one grid (check origin, spacing and direction)");
}

Image readChannels(const std::vector<std::filesystem::path>& files) {
  if (files.empty()) throw core::InputError("case", "has no image", "give one file a channel");
  if (files.size() == 1) return readImage(files.front());
  std::vector<RawVolume> channels(files.size());  // what they are; their voxels go to `all` at once
  Image all{{}, static_cast<int>(files.size())};
  std::once_flag first;
  forEachInParallel(files.size(), 0, [&](std::size_t c) {
    RawVolume raw = readVolume(files[c]);
    if (raw.channels != 1)
      throw core::InputError(files[c].string(), "has several channels of its own", "give one file a channel");
    const auto voxels = static_cast<std::size_t>(raw.geometry.size.voxels());
    std::call_once(first, [&] { all.voxels.resize(voxels * files.size()); });
    if (voxels * files.size() == all.voxels.size()) toFloats(raw, all.voxels.data() + c * voxels);
    raw.bytes = {};
    channels[c] = std::move(raw);
  });
  for (std::size_t c = 1; c < files.size(); ++c)
    requireSamePlace(channels[0].geometry, channels[c].geometry, files[c]);
  all.geometry = channels[0].geometry;
  for (const auto& channel : channels)
    all.notes.insert(all.notes.end(), channel.notes.begin(), channel.notes.end());
  return all;
}

core::LabelVolume asClasses(const LabelFile& file, const core::LabelSet& labels, const std::string& where) {
  std::unordered_map<std::int32_t, std::uint8_t> class_of;
  for (std::size_t k = 0; k < labels.size(); ++k) class_of[labels[k].value] = static_cast<std::uint8_t>(k);
  core::LabelVolume out(file.geometry.size);
  std::int32_t last = 0;
  std::uint8_t last_class = class_of.count(0) ? class_of.at(0) : 0;
  for (std::size_t i = 0; i < out.voxels.size(); ++i) {
    const std::int32_t value = file.labels.voxels[i];
    if (value != last || i == 0) {
      const auto found = class_of.find(value);
      if (found == class_of.end())
        throw core::InputError(
            where, "holds the label value " + std::to_string(value) + ", which the data set does not name",
            "name it in dataset.json, or correct the label file");
      last = value;
      last_class = found->second;
    }
    out.voxels[i] = last_class;
  }
  return out;
}

std::uint32_t phantomIndex(const DataSet& data, const CaseFiles& files) {
  for (std::size_t i = 0; i < data.cases.size(); ++i)
    if (data.cases[i].id == files.id) return static_cast<std::uint32_t>(i);
  throw core::InputError(files.id, "is no case of " + data.name, "choose one of its cases");
}

core::PreparedCase loadCase(const DataSet& data, const CaseFiles& files,
                            const core::Preprocessing& preprocessing, std::vector<std::string>* notes) {
  if (data.phantom) return loadPhantom(data, files, preprocessing);
  // The labels first: reading them takes four times their room, when there is no image yet.
  core::Geometry labelled;
  core::LabelVolume classes;
  if (!files.labels.empty()) {
    const LabelFile file = readLabels(files.labels);
    labelled = file.geometry;
    classes = asClasses(file, data.labels, files.labels.string());
  }
  Image image = readChannels(files.images);
  if (notes) *notes = image.notes;
  const core::Geometry original = image.geometry;
  const core::Geometry grid = gridFor(original, preprocessing, files.id);
  if (!data.channels.empty() && image.channels != static_cast<int>(data.channels.size()) &&
      data.layout != "files")
    throw core::InputError(files.images.front().string(),
                           "has " + std::to_string(image.channels) + " channels where the data set has " +
                               std::to_string(data.channels.size()),
                           "correct the channels in dataset.json, or replace the image");
  const int channels = image.channels;
  if (!files.labels.empty()) requireSamePlace(original, labelled, files.labels);
  core::LabelVolume labels =
      files.labels.empty() ? core::LabelVolume(grid.size) : resampleLabels(classes, original, grid);
  classes = {};
  NetworkInput input = asNetworkInput(std::move(image), grid, preprocessing, files.images);
  return assemble(files.id, std::move(input), channels, std::move(labels));
}

PreparedImage prepareImage(const std::vector<std::filesystem::path>& channel_files,
                           const core::Preprocessing& preprocessing) {
  Image image = readChannels(channel_files);
  const std::string where = channel_files.front().string();
  core::Preprocessing whole = preprocessing;
  whole.crop.size = {};
  PreparedImage out;
  out.original = image.geometry;
  out.channels = image.channels;
  out.notes = std::move(image.notes);
  const core::Geometry grid = gridFor(image.geometry, preprocessing, where);
  NetworkInput input = asNetworkInput(std::move(image), grid, whole, channel_files);
  out.geometry = input.grid;
  out.uncropped = input.uncropped;
  out.cropped_at = input.box.from;
  out.image = std::move(input.image);
  return out;
}

core::LabelVolume toOriginalGrid(core::LabelView labels, const PreparedImage& prepared) {
  if (!(labels.size == prepared.geometry.size))
    throw core::InputError("labels", "have another size than the image they were made from",
                           "this is a fault of the program");
  if (!prepared.isCropped()) return resampleLabels(labels, prepared.geometry, prepared.original);
  core::LabelVolume whole(prepared.uncropped.size);
  pasteBox(labels.data, {prepared.cropped_at, labels.size}, whole.size, whole.voxels.data());
  return resampleLabels(whole, prepared.uncropped, prepared.original);
}

}  // namespace rind::datasets
