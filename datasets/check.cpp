#include "rind/datasets/check.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>

#include "rind/contour/adaptive_thickness.h"
#include "rind/contour/depth_map.h"
#include "rind/core/error.h"
#include "rind/datasets/case_loading.h"
#include "rind/datasets/normalisation.h"
#include "rind/datasets/parallel.h"
#include "rind/datasets/phantom.h"

namespace rind::datasets {
namespace {

/// Grids closer than this are the same but for rounding.
constexpr double kFewestVoxelsApart = 0.01;

struct CaseCheck {
  std::optional<CaseFacts> facts;  // none where the image could not be read
  std::vector<Problem> problems;
  std::uint64_t content = 0;

  void add(Severity severity, const std::string& id, const std::string& what, const std::string& remedy) {
    problems.push_back({severity, id, what, remedy});
  }
  void add(const std::string& id, const core::InputError& error) {
    add(Severity::error, id, error.where() + " " + error.problem(), error.remedy());
  }
};

/// FNV-1a over words of 8 bytes; equal images have equal sums.
std::uint64_t contentHash(const std::vector<float>& voxels) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (std::size_t i = 0; i + 1 < voxels.size(); i += 2) {
    std::uint64_t word = 0;
    std::memcpy(&word, &voxels[i], sizeof word);
    hash = (hash ^ word) * 1099511628211ULL;
    hash ^= hash >> 29;
  }
  return hash;
}

void checkIntensities(const Image& image, const std::string& id, CaseCheck& out) {
  const std::size_t bad = firstNotFinite(image.voxels.data(), image.voxels.size());
  if (bad < image.voxels.size())
    return out.add(Severity::error, id, "its image holds voxels that are not a number or infinite",
                   "replace them (for instance by 0)");
  const auto [low, high] = std::minmax_element(image.voxels.begin(), image.voxels.end());
  out.facts->lowest = *low;
  out.facts->highest = *high;
  const std::size_t voxels = image.voxels.size() / static_cast<std::size_t>(image.channels);
  for (int c = 0; c < image.channels; ++c) {
    const auto first =
        image.voxels.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(c) * voxels);
    const auto [least, most] = std::minmax_element(first, first + static_cast<std::ptrdiff_t>(voxels));
    if (*least == *most)
      out.add(Severity::error, id,
              "channel " + std::to_string(c) + " of its image has the same value everywhere",
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

void checkPlace(const core::Geometry& image, const core::Geometry& labels, const std::string& id,
                CaseCheck& out) {
  if (!(image.size == labels.size))
    return out.add(
        Severity::error, id,
        "its label has " + core::toString(labels.size) + " voxels, its image " + core::toString(image.size),
        "give a label drawn on this image");
  const double apart = distanceInVoxels(image, labels);
  const std::string what = "its label and its image lie " + std::to_string(apart) +
                           " voxels apart (origin, spacing or direction differ)";
  if (apart > kMostVoxelsApart)
    out.add(Severity::error, id, what, "give both the same geometry");
  else if (apart > kFewestVoxelsApart)
    out.add(Severity::warning, id, what, "give both the same geometry; the image's is used");
}

void checkLabels(const DataSet& data, const CaseFiles& files, const core::ContourSettings& contour,
                 CaseCheck& out) {
  const LabelFile file = readLabels(files.labels);
  if (out.facts) checkPlace(out.facts->geometry, file.geometry, files.id, out);
  const core::LabelVolume labels = asClasses(file, data.labels, files.labels.string());
  if (!out.facts) return;
  out.facts->has_labels = true;
  countClasses(labels, data.labels.size(), contour, *out.facts);
  const auto& counts = out.facts->voxels_per_class;
  if (std::all_of(counts.begin() + 1, counts.end(), [](std::int64_t n) { return n == 0; }))
    out.add(Severity::warning, files.id, "its label is background throughout",
            "leave the case out if that is not meant");
}

void describe(const core::Geometry& geometry, int channels, CaseFacts& facts) {
  facts.geometry = geometry;
  facts.orientation = orientationLetters(geometry);
  facts.channels = channels;
}

void checkPhantom(const DataSet& data, const CaseFiles& files, const core::ContourSettings& contour,
                  CaseCheck& out) {
  const PhantomCase phantom = renderPhantom(*data.phantom, phantomIndex(data, files));
  describe(phantom.geometry, phantom.channels, *out.facts);
  checkIntensities({phantom.geometry, phantom.channels, phantom.image, {}}, files.id, out);
  out.facts->has_labels = true;
  countClasses(phantom.labels, data.labels.size(), contour, *out.facts);
}

CaseCheck checkCase(const DataSet& data, const CaseFiles& files, const core::ContourSettings& contour) {
  CaseCheck out;
  out.facts = CaseFacts{files.id};
  if (data.phantom) {
    checkPhantom(data, files, contour, out);
    return out;
  }
  try {
    const Image image = readChannels(files.images);
    describe(image.geometry, image.channels, *out.facts);
    if (image.channels != static_cast<int>(data.channels.size()) && data.layout != "files")
      out.add(Severity::error, files.id,
              "its image has " + std::to_string(image.channels) + " channels, the data set " +
                  std::to_string(data.channels.size()),
              "correct the channels in dataset.json, or replace the image");
    for (const auto& note : image.notes) out.add(Severity::note, files.id, note, "nothing needs to be done");
    checkIntensities(image, files.id, out);
    out.content = contentHash(image.voxels);
  } catch (const core::InputError& error) {
    out.facts.reset();
    out.add(files.id, error);
  }
  try {
    if (!files.labels.empty()) checkLabels(data, files, contour, out);
  } catch (const core::InputError& error) {
    out.add(files.id, error);
  }
  return out;
}

// What only shows when all cases are there.

void findDuplicates(const std::vector<CaseCheck>& checks, CheckReport& report) {
  std::map<std::uint64_t, std::string> first;
  for (const auto& check : checks) {
    if (!check.facts || check.content == 0) continue;
    const auto [at, is_new] = first.emplace(check.content, check.facts->id);
    if (!is_new)
      report.problems.push_back({Severity::warning, check.facts->id,
                                 "its image is the same as that of " + at->second,
                                 "remove one of them, or a copy may be trained on and validated on"});
  }
}

double medianOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void findOddSpacings(CheckReport& report) {
  if (report.cases.size() < 3) return;
  const auto axis = [&](auto get, const std::string& name) {
    std::vector<double> values;
    for (const auto& facts : report.cases) values.push_back(get(facts.geometry.spacing));
    const double usual = medianOf(values);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] > 2 * usual || values[i] < usual / 2)
        report.problems.push_back({Severity::warning, report.cases[i].id,
                                   "its spacing along " + name + " is " + std::to_string(values[i]) +
                                       " mm, that of most cases " + std::to_string(usual) + " mm",
                                   "check it; --spacing brings all cases to one spacing"});
  };
  axis([](const core::Spacing& s) { return s.z; }, "z");
  axis([](const core::Spacing& s) { return s.y; }, "y");
  axis([](const core::Spacing& s) { return s.x; }, "x");
}

void findClassProblems(const DataSet& data, const core::ContourSettings& contour, CheckReport& report) {
  std::string without_interior;
  for (std::size_t k = 1; k < data.labels.size(); ++k) {
    std::size_t labelled = 0, present = 0, all_band = 0;
    for (const auto& facts : report.cases) {
      if (!facts.has_labels) continue;
      ++labelled;
      present += facts.voxels_per_class[k] > 0;
      all_band += facts.voxels_per_class[k] > 0 && facts.band_share[k] >= 1;
    }
    if (labelled == 0) return;
    const std::string& name = data.labels[k].name;
    const std::string of_all = " of " + std::to_string(labelled) + " cases";
    if (present == 0)
      report.problems.push_back({Severity::warning, "", name + " is in no case",
                                 "it cannot be learnt; remove it or add cases that have it"});
    else if (present < labelled)
      report.problems.push_back({Severity::note, "",
                                 name + " is absent from " + std::to_string(labelled - present) + of_all,
                                 "nothing needs to be done"});
    if (all_band > 0)
      without_interior +=
          (without_interior.empty() ? "" : ", ") + name + " (" + std::to_string(all_band) + of_all + ")";
  }
  if (!without_interior.empty())
    report.problems.push_back(
        {Severity::warning, "",
         "all band and no interior at thickness " + std::to_string(contour.thickness()) + ": " +
             without_interior,
         "use fewer iterations, or --adaptive share:0.5, so that there is an interior"});
}

void findMissingFiles(const DataSet& data, CheckReport& report) {
  const bool none = data.images_without_label.size() == data.cases.size();
  if (none && !data.phantom && !data.cases.empty())
    report.problems.push_back(
        {Severity::note, "", "no case has a label", "it can be predicted, not trained on"});
  else
    for (const auto& id : data.images_without_label)
      report.problems.push_back(
          {Severity::error, id, "its image has no label", "add its label file, or leave the image out"});
  for (const auto& name : data.labels_without_image)
    report.problems.push_back(
        {Severity::warning, "", "the label " + name + " has no image", "add its image, or remove it"});
}

}  // namespace

std::string toString(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    default:
      return "note";
  }
}

std::string orientationLetters(const core::Geometry& geometry) {
  constexpr std::array<std::array<char, 2>, 3> kLetters = {{{'R', 'L'}, {'A', 'P'}, {'I', 'S'}}};
  std::string letters;
  for (std::size_t k = 0; k < 3; ++k) {
    std::size_t most = 0;
    for (std::size_t r = 1; r < 3; ++r)
      if (std::abs(geometry.direction[3 * r + k]) > std::abs(geometry.direction[3 * most + k])) most = r;
    letters += kLetters[most][geometry.direction[3 * most + k] > 0 ? 1 : 0];
  }
  return letters;
}

CheckReport check(const DataSet& data, const core::ContourSettings& contour,
                  const std::function<void(std::size_t, std::size_t, const std::string&)>& progress) {
  std::vector<CaseCheck> checks(data.cases.size());
  std::mutex reporting;
  std::size_t done = 0;
  forEachInParallel(data.cases.size(), 0, [&](std::size_t i) {
    checks[i] = checkCase(data, data.cases[i], contour);
    const std::lock_guard lock(reporting);
    ++done;
    if (progress) progress(done, data.cases.size(), data.cases[i].id);
  });
  CheckReport report;
  for (auto& check : checks) {
    if (check.facts) report.cases.push_back(*check.facts);
    report.problems.insert(report.problems.end(), check.problems.begin(), check.problems.end());
  }
  findMissingFiles(data, report);
  findDuplicates(checks, report);
  findOddSpacings(report);
  findClassProblems(data, contour, report);
  std::stable_sort(report.problems.begin(), report.problems.end(),
                   [](const Problem& a, const Problem& b) { return a.severity < b.severity; });
  return report;
}

}  // namespace rind::datasets
