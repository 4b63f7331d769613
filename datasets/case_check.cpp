#include "rind/datasets/case_check.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "rind/contour/adaptive_thickness.h"
#include "rind/contour/depth_map.h"
#include "rind/core/error.h"
#include "rind/datasets/case_loading.h"
#include "rind/datasets/normalisation.h"
#include "rind/datasets/phantom.h"

namespace rind::datasets {
namespace {

/// Grids closer than this are the same but for rounding.
constexpr double kFewestVoxelsApart = 0.01;

/// Problems of one case, about its image or its labels.
struct Findings {
  CaseCheck& check;
  std::string id;
  std::string file;

  void add(Severity severity, const std::string& what, const std::string& remedy) const {
    check.problems.push_back({severity, id, file, what, remedy});
  }
  void add(const core::InputError& error) const {
    check.problems.push_back({Severity::error, id, error.where(), error.problem(), error.remedy()});
  }
};

/// FNV-1a over words of 8 bytes; equal images have equal sums.
std::uint64_t contentHash(const core::FloatBuffer& voxels) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (std::size_t i = 0; i + 1 < voxels.size(); i += 2) {
    std::uint64_t word = 0;
    std::memcpy(&word, &voxels[i], sizeof word);
    hash = (hash ^ word) * 1099511628211ULL;
    hash ^= hash >> 29;
  }
  return hash;
}

void checkIntensities(const Image& image, const CaseFiles& files, CaseCheck& out) {
  const auto voxels = static_cast<std::size_t>(image.geometry.size.voxels());
  out.facts->lowest = std::numeric_limits<float>::infinity();
  out.facts->highest = -out.facts->lowest;
  for (int c = 0; c < image.channels; ++c) {
    const Findings channel{out, files.id,
                           fileOfChannel(files.images, image.channels, static_cast<std::size_t>(c))};
    const float* first = image.voxels.data() + static_cast<std::size_t>(c) * voxels;
    if (firstNotFinite(first, voxels) < voxels) {
      channel.add(Severity::error, "holds voxels that are not a number or infinite",
                  "replace them (for instance by 0)");
      continue;
    }
    const auto [least, most] = std::minmax_element(first, first + voxels);
    out.facts->lowest = std::min(out.facts->lowest, *least);
    out.facts->highest = std::max(out.facts->highest, *most);
    if (*least == *most)
      channel.add(Severity::error, "has the same value everywhere",
                  "replace the image or leave the case out");
  }
}

void countClasses(const core::LabelVolume& labels, std::size_t classes, const core::ContourSettings& contour,
                  CaseFacts& facts) {
  const auto depth = contour::depthMap(labels, contour::kLargestCap, contour.border);
  const auto histogram = contour::depthHistogram(labels, depth, static_cast<int>(classes));
  const auto thickness = contour::bandThickness(histogram, contour);
  for (std::size_t k = 0; k < classes; ++k) {
    std::uint64_t all = 0, band = 0;
    for (std::size_t d = 0; d < 256; ++d) {
      all += histogram.counts[k][d];
      if (static_cast<int>(d) <= thickness[k]) band += histogram.counts[k][d];
    }
    facts.voxels_per_class.push_back(static_cast<std::int64_t>(all));
    facts.band_share.push_back(all ? static_cast<double>(band) / static_cast<double>(all) : 0);
  }
}

void checkPlace(const core::Geometry& image, const core::Geometry& labels, const Findings& findings) {
  if (!(image.size == labels.size))
    return findings.add(
        Severity::error,
        "has " + core::toString(labels.size) + " voxels where its image has " + core::toString(image.size),
        "give a label drawn on this image");
  const double apart = distanceInVoxels(image, labels);
  const std::string what = "lies " + std::to_string(apart) +
                           " voxels from where its image lies (origin, spacing or direction differ)";
  if (apart > kMostVoxelsApart)
    findings.add(Severity::error, what, "give both the same geometry");
  else if (apart > kFewestVoxelsApart)
    findings.add(Severity::warning, what, "give both the same geometry; the image's is used");
}

void checkLabels(const DataSet& data, const CaseFiles& files, const core::ContourSettings& contour,
                 CaseCheck& out) {
  const Findings findings{out, files.id, files.labels.string()};
  const LabelFile file = readLabels(files.labels);
  if (out.facts) checkPlace(out.facts->geometry, file.geometry, findings);
  const core::LabelVolume labels = asClasses(file, data.labels, files.labels.string());
  if (!out.facts) return;
  out.facts->has_labels = true;
  countClasses(labels, data.labels.size(), contour, *out.facts);
  const auto& counts = out.facts->voxels_per_class;
  if (std::all_of(counts.begin() + 1, counts.end(), [](std::int64_t n) { return n == 0; }))
    findings.add(Severity::warning, "is background throughout", "leave the case out if that is not meant");
}

void describe(const core::Geometry& geometry, int channels, CaseFacts& facts) {
  facts.geometry = geometry;
  facts.orientation = orientationLetters(geometry);
  facts.channels = channels;
}

void checkImage(const DataSet& data, const CaseFiles& files, CaseCheck& out) {
  const Image image = readChannels(files.images);
  describe(image.geometry, image.channels, *out.facts);
  const Findings findings{out, files.id, fileOfChannel(files.images, image.channels, 0)};
  if (image.channels != static_cast<int>(data.channels.size()) && data.layout != "files")
    findings.add(Severity::error,
                 "has " + std::to_string(image.channels) + " channels where the data set has " +
                     std::to_string(data.channels.size()),
                 "correct the channels in dataset.json, or replace the image");
  for (const auto& note : image.notes) findings.add(Severity::note, note, "nothing needs to be done");
  checkIntensities(image, files, out);
  out.content = contentHash(image.voxels);
}

void checkPhantom(const DataSet& data, const CaseFiles& files, const core::ContourSettings& contour,
                  CaseCheck& out) {
  PhantomCase phantom = renderPhantom(*data.phantom, phantomIndex(data, files));
  describe(phantom.geometry, phantom.channels, *out.facts);
  checkIntensities({phantom.geometry, phantom.channels, std::move(phantom.image), {}}, files, out);
  out.facts->has_labels = true;
  countClasses(phantom.labels, data.labels.size(), contour, *out.facts);
}

}  // namespace

CaseCheck checkCase(const DataSet& data, const CaseFiles& files, const core::ContourSettings& contour) {
  CaseCheck out;
  out.facts = CaseFacts{files.id};
  if (data.phantom) {
    checkPhantom(data, files, contour, out);
    return out;
  }
  try {
    checkImage(data, files, out);
  } catch (const core::InputError& error) {
    out.facts.reset();
    Findings{out, files.id, {}}.add(error);
  }
  try {
    if (!files.labels.empty()) checkLabels(data, files, contour, out);
  } catch (const core::InputError& error) {
    Findings{out, files.id, {}}.add(error);
  }
  return out;
}

}  // namespace rind::datasets
