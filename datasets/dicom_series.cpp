#include "rind/datasets/dicom_series.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "rind/core/error.h"
#include "rind/datasets/case_loading.h"
#include "rind/datasets/readable.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vector minus(const Vector& a, const Vector& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

/// A unit vector: tags round the directions. Zero where they say no plane.
Vector normalOf(const DicomSlice& slice) {
  Vector normal = cross(slice.row, slice.column);
  const double length = std::sqrt(dot(normal, normal));
  for (double& part : normal) part = length > 0 ? part / length : part;
  return normal;
}

std::string named(const DicomSlice& a, const DicomSlice& b) {
  return a.file.filename().string() + " and " + b.file.filename().string();
}

void requireAlike(const DicomSlice& first, const DicomSlice& other) {
  const bool size = first.size == other.size;
  const bool spacing = std::abs(first.spacing.x - other.spacing.x) < 1e-4 * first.spacing.x &&
                       std::abs(first.spacing.y - other.spacing.y) < 1e-4 * first.spacing.y;
  const bool direction = dot(first.row, other.row) > 0.9999 && dot(first.column, other.column) > 0.9999;
  if (size && spacing && direction) return;
  const std::string what = !size ? "size" : !spacing ? "spacing" : "orientation";
  throw core::InputError(
      other.file.string(),
      "differs in " + what + " from " + first.file.filename().string() + ", a slice of the same series",
      "move the slices of each stack to a folder of their own");
}

/// Distances from slice to slice along the normal.
std::vector<double> stepsOf(const std::vector<DicomSlice>& slices) {
  const Vector normal = normalOf(slices.front());
  std::vector<double> steps;
  for (std::size_t i = 1; i < slices.size(); ++i)
    steps.push_back(dot(normal, minus(slices[i].position, slices[i - 1].position)));
  return steps;
}

void requireEven(const DicomSeries& series, const std::vector<double>& steps, double usual) {
  const auto& slices = series.slices;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string pair = named(slices[i], slices[i + 1]);
    const std::string where = slices[i].file.parent_path().string();
    if (steps[i] < 0.01 * usual || steps[i] < 1e-4)
      throw core::InputError(where, "has two slices in one place (" + pair + ")", "remove the duplicate");
    if (std::abs(steps[i] - usual) > 0.1 * usual)
      throw core::InputError(where,
                             "has a gap between " + pair + " (" + std::to_string(steps[i]) +
                                 " mm instead of " + std::to_string(usual) + "); a slice is missing",
                             "add the missing slice or export the series again");
  }
}

/// Frames of several files would have to be sorted by places that only nested tags tell.
void requireOneOfFrames(const DicomSeries& series) {
  if (series.slices.size() < 2) return;
  for (const auto& slice : series.slices)
    if (slice.size.z > 1)
      throw core::InputError(slice.file.string(), "holds several frames beside other files of its series",
                             "move each file of several frames to a folder of its own");
}

/// A stack whose slices shift sideways lies on no rectangular grid.
void requireUpright(const DicomSeries& series, const core::Spacing& spacing,
                    std::vector<std::string>& notes) {
  const auto& first = series.slices.front();
  const Vector normal = normalOf(first), whole = minus(series.slices.back().position, first.position);
  const double along = dot(normal, whole);
  const Vector sideways = minus(whole, {along * normal[0], along * normal[1], along * normal[2]});
  const double shift = std::sqrt(dot(sideways, sideways));
  const double voxel = std::min({spacing.z, spacing.y, spacing.x});
  if (shift > kMostVoxelsApart * voxel)
    throw core::InputError(first.file.parent_path().string(),
                           "is a sheared stack (its slices shift sideways by " + std::to_string(shift) +
                               " mm in all, as with a tilted gantry)",
                           "resample it to a rectangular grid first");
  if (shift > 0.1 * voxel)
    notes.push_back("its slices shift sideways by " + std::to_string(shift) +
                    " mm in all; the nearest rectangular grid is used");
}

std::vector<fs::path> filesIn(const fs::path& folder) {
  std::vector<fs::path> files = entriesOf(folder);
  std::erase_if(files, [](const fs::path& file) { return !isDicomFile(file); });
  return files;
}

Image readSeries(const DicomSeries& series) {
  Image image;
  image.geometry = seriesGeometry(series, image.notes);
  std::int64_t frames = 0;
  for (const auto& slice : series.slices) frames += slice.size.z;
  image.geometry.size.z = frames;
  checkedBytes({image.geometry.size, 1, sizeof(float), 1e12},
               series.slices.front().file.parent_path().string());
  image.voxels.resize(static_cast<std::size_t>(image.geometry.size.voxels()));
  float* at = image.voxels.data();
  for (const auto& slice : series.slices) {
    readDicomPixels(slice, at);
    at += slice.size.voxels();
  }
  return image;
}

}  // namespace

DicomFolder dicomFolder(const fs::path& folder) {
  DicomFolder found;
  std::map<std::string, DicomSeries> by_id;
  for (const auto& file : filesIn(folder)) {
    DicomSlice slice = readDicomSlice(file);
    if (slice.segmentation) {
      found.segmentations.push_back(file);
      continue;
    }
    if (!slice.no_image.empty()) {
      found.others.push_back(std::move(slice));
      continue;
    }
    auto& series = by_id[slice.series];
    series.id = slice.series;
    series.description = slice.description;
    series.slices.push_back(std::move(slice));
  }
  for (auto& [id, series] : by_id) {
    const Vector normal = normalOf(series.slices.front());
    std::stable_sort(series.slices.begin(), series.slices.end(),
                     [&](const DicomSlice& a, const DicomSlice& b) {
                       return dot(normal, a.position) < dot(normal, b.position);
                     });
    found.series.push_back(std::move(series));
  }
  return found;
}

core::Geometry seriesGeometry(const DicomSeries& series, std::vector<std::string>& notes) {
  const auto& first = series.slices.front();
  requireOneOfFrames(series);
  for (const auto& slice : series.slices) requireAlike(first, slice);
  const Vector normal = normalOf(first);
  core::Geometry g;
  g.size = first.size;
  g.spacing = first.spacing;
  g.origin = first.position;
  for (std::size_t r = 0; r < 3; ++r) {
    g.direction[3 * r] = first.row[r];
    g.direction[3 * r + 1] = first.column[r];
    g.direction[3 * r + 2] = normal[r];
  }
  if (series.slices.size() > 1) {
    std::vector<double> steps = stepsOf(series.slices);
    std::vector<double> sorted = steps;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                     sorted.end());
    requireEven(series, steps, sorted[sorted.size() / 2]);
    const Vector whole = minus(series.slices.back().position, first.position);
    g.spacing.z = dot(normal, whole) / static_cast<double>(steps.size());
    g.size.z = static_cast<std::int64_t>(series.slices.size());
    requireUpright(series, g.spacing, notes);
    if (std::abs(g.spacing.z - first.spacing.z) > 1e-3 * g.spacing.z)
      notes.push_back("its tags say a slice step of " + std::to_string(first.spacing.z) +
                      " mm, the positions " + std::to_string(g.spacing.z) + " mm, which is used");
  }
  mendGeometry(g, first.file.string(), notes);
  return g;
}

Image readDicom(const fs::path& path) {
  const bool folder = isFolder(path);
  const auto found = dicomFolder(folder ? path : path.has_parent_path() ? path.parent_path() : fs::path("."));
  if (folder) {
    if (found.series.empty())
      throw core::InputError(path.string(), "is a folder without DICOM images",
                             "give a DICOM folder or a volume file");
    if (found.series.size() > 1)
      throw core::InputError(path.string(), "holds " + std::to_string(found.series.size()) + " DICOM series",
                             "give one file of the series that is meant");
    return readSeries(found.series.front());
  }
  for (const auto& segmentation : found.segmentations)
    if (segmentation.filename() == path.filename())
      throw core::InputError(path.string(), "is a DICOM segmentation (SEG), which Rind does not read",
                             "convert it to .nii.gz or .nrrd, for instance with 3D Slicer");
  for (const auto& other : found.others)
    if (other.file.filename() == path.filename())
      throw core::InputError(path.string(), other.no_image, "give a DICOM image in shades of grey");
  for (const auto& series : found.series)
    for (const auto& slice : series.slices)
      if (slice.file.filename() == path.filename()) return readSeries(series);
  throw core::InputError(path.string(), "is not a DICOM file", "give a DICOM folder or a volume file");
}

}  // namespace rind::datasets
