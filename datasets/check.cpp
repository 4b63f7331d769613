#include "rind/datasets/check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>

#include "rind/datasets/case_check.h"
#include "rind/datasets/case_memory.h"
#include "rind/datasets/parallel.h"

namespace rind::datasets {
namespace {

// What only shows when all cases are there.

void findDuplicates(const std::vector<CaseCheck>& checks, CheckReport& report) {
  std::map<std::uint64_t, std::string> first;
  for (const auto& check : checks) {
    if (!check.facts || check.content == 0) continue;
    const auto [at, is_new] = first.emplace(check.content, check.facts->id);
    if (!is_new)
      report.problems.push_back({Severity::warning, check.facts->id, "",
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
        report.problems.push_back({Severity::warning, report.cases[i].id, "",
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
      report.problems.push_back({Severity::warning, "", "", name + " is in no case",
                                 "it cannot be learnt; remove it or add cases that have it"});
    else if (present < labelled)
      report.problems.push_back({Severity::note, "", "",
                                 name + " is absent from " + std::to_string(labelled - present) + of_all,
                                 "nothing needs to be done"});
    if (all_band > 0)
      without_interior +=
          (without_interior.empty() ? "" : ", ") + name + " (" + std::to_string(all_band) + of_all + ")";
  }
  if (!without_interior.empty())
    report.problems.push_back(
        {Severity::warning, "", "",
         "all band and no interior at thickness " + std::to_string(contour.thickness()) + ": " +
             without_interior,
         "use fewer iterations, or --adaptive share:0.5, so that there is an interior"});
}

void findMissingFiles(const DataSet& data, CheckReport& report) {
  const bool none = data.images_without_label.size() == data.cases.size();
  if (none && !data.phantom) {
    if (!report.cases.empty())
      report.problems.push_back(
          {Severity::note, "", "", "no case has a label", "it can be predicted, not trained on"});
  } else {
    for (const auto& id : data.images_without_label)
      report.problems.push_back({Severity::error, id, findCase(data, id).images.front().string(),
                                 "has no label", "add its label file, or leave the image out"});
  }
  for (const auto& name : data.labels_without_image)
    report.problems.push_back(
        {Severity::warning, "", "", "the label " + name + " has no image", "add its image, or remove it"});
  for (const auto& name : data.unread_segmentations)
    report.problems.push_back({Severity::warning, "", "",
                               name + " is a DICOM segmentation (SEG), which Rind does not read",
                               "convert images and segmentations to .nii.gz or .nrrd, for instance with 3D "
                               "Slicer, and open them as a pair of folders"});
  if (!data.no_images.empty())
    report.problems.push_back(
        {Severity::note, "", "",
         "DICOM files that hold no image were set aside: " + std::to_string(data.no_images.size()) +
             ", the first " + data.no_images.front(),
         "nothing needs to be done"});
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
                  const std::function<void(std::size_t, std::size_t, const std::string&)>& progress,
                  int threads) {
  std::vector<CaseCheck> checks(data.cases.size());
  std::mutex reporting;
  std::size_t done = 0;
  MemoryGate gate;
  forEachInParallel(data.cases.size(), threads, [&](std::size_t i) {
    {
      const MemoryGate::Pass pass(gate, memoryToRead(data, data.cases[i]));
      checks[i] = checkCase(data, data.cases[i], contour);
    }
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
