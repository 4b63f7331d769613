#include "rind/datasets/raw_volume.h"

#include <cmath>
#include <cstring>

#include "rind/core/error.h"
#include "rind/core/memory.h"
#include "rind/datasets/case_loading.h"
#include "rind/datasets/not_enough_memory.h"

namespace rind::datasets {
namespace {

constexpr std::int64_t kLargestExtent = 1 << 20;
constexpr double kLargestVolume = 1e12;  // bytes

/// Calls `use` with a value of the stored type.
template <class Use>
void withType(VoxelType type, Use use) {
  switch (type) {
    case VoxelType::u8:
      return use(std::uint8_t{});
    case VoxelType::i8:
      return use(std::int8_t{});
    case VoxelType::u16:
      return use(std::uint16_t{});
    case VoxelType::i16:
      return use(std::int16_t{});
    case VoxelType::u32:
      return use(std::uint32_t{});
    case VoxelType::i32:
      return use(std::int32_t{});
    case VoxelType::u64:
      return use(std::uint64_t{});
    case VoxelType::i64:
      return use(std::int64_t{});
    case VoxelType::f32:
      return use(float{});
    case VoxelType::f64:
      return use(double{});
  }
}

template <class Stored>
void convert(const RawVolume& raw, float* out) {
  const std::size_t voxels = static_cast<std::size_t>(raw.geometry.size.voxels());
  const auto channels = static_cast<std::size_t>(raw.channels);
  const bool scaled = raw.slope != 1 || raw.intercept != 0;
  const auto* stored = reinterpret_cast<const Stored*>(raw.bytes.data());
  const auto meaning = [&](Stored value) {
    return scaled ? static_cast<float>(raw.slope * static_cast<double>(value) + raw.intercept)
                  : static_cast<float>(value);
  };
  if (!raw.interleaved || channels == 1) {
    for (std::size_t i = 0; i < voxels * channels; ++i) out[i] = meaning(stored[i]);
    return;
  }
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < voxels; ++i) out[c * voxels + i] = meaning(stored[i * channels + c]);
}

[[noreturn]] void refuseLabel(double value, const std::string& where) {
  const bool integer = value == std::floor(value);
  throw core::InputError(where,
                         "holds the label value " + std::to_string(value) +
                             (integer ? ", which is out of range" : ", which is not an integer"),
                         "store labels as integers from 0 (was an image given for a label file?)");
}

template <class Stored>
void convertLabels(const RawVolume& raw, const std::string& where, std::vector<std::int32_t>& out) {
  const auto* stored = reinterpret_cast<const Stored*>(raw.bytes.data());
  const bool scaled = raw.slope != 1 || raw.intercept != 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    double value = static_cast<double>(stored[i]);
    if (scaled) value = raw.slope * value + raw.intercept;
    if (!(value == std::floor(value)) || std::abs(value) > 2147483647.0) refuseLabel(value, where);
    out[i] = static_cast<std::int32_t>(value);
  }
}

using Matrix = std::array<double, 9>;

double columnDot(const Matrix& m, std::size_t a, std::size_t b) {
  return m[a] * m[b] + m[3 + a] * m[3 + b] + m[6 + a] * m[6 + b];
}

double shear(const Matrix& m) {
  double most = 0;
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = a; b < 3; ++b)
      most = std::max(most, std::abs(columnDot(m, a, b) - (a == b ? 1 : 0)));
  return most;
}

Matrix inverseTransposed(const Matrix& m) {
  const auto cofactor = [&](std::size_t r, std::size_t c) {
    const std::size_t r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3, c2 = (c + 2) % 3;
    return m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
  };
  Matrix out = {};
  const double determinant = m[0] * cofactor(0, 0) + m[1] * cofactor(0, 1) + m[2] * cofactor(0, 2);
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) out[3 * r + c] = cofactor(r, c) / determinant;
  return out;
}

/// The nearest orthogonal matrix (polar decomposition by Newton's iteration; Higham 1986).
Matrix orthogonal(Matrix m) {
  for (int step = 0; step < 20; ++step) {
    const Matrix inverse = inverseTransposed(m);
    for (std::size_t i = 0; i < 9; ++i) m[i] = (m[i] + inverse[i]) / 2;
  }
  return m;
}

}  // namespace

std::size_t bytesOf(VoxelType type) {
  std::size_t bytes = 0;
  withType(type, [&](auto value) { bytes = sizeof value; });
  return bytes;
}

Image toImage(RawVolume raw) {
  Image image{raw.geometry, raw.channels, {}, std::move(raw.notes)};
  image.voxels.resize(static_cast<std::size_t>(raw.geometry.size.voxels()) *
                      static_cast<std::size_t>(raw.channels));
  toFloats(raw, image.voxels.data());
  return image;
}

void toFloats(const RawVolume& raw, float* out) {
  withType(raw.type, [&](auto value) { convert<decltype(value)>(raw, out); });
}

LabelFile toLabels(const RawVolume& raw, const std::string& where) {
  if (raw.channels != 1)
    throw core::InputError(where, "has " + std::to_string(raw.channels) + " channels where labels have one",
                           "give the label map, not an image");
  LabelFile file{raw.geometry, core::Volume<std::int32_t>(raw.geometry.size)};
  withType(raw.type, [&](auto value) { convertLabels<decltype(value)>(raw, where, file.labels.voxels); });
  return file;
}

std::size_t checkedBytes(const ClaimedSize& claimed, const std::string& where) {
  const auto& s = claimed.size;
  for (const std::int64_t extent : {s.z, s.y, s.x, claimed.channels})
    if (extent < 1 || extent > kLargestExtent)
      throw core::InputError(where, "claims an impossible size (" + core::toString(s) + ")",
                             "copy or convert the file again");
  const double bytes = static_cast<double>(s.z) * static_cast<double>(s.y) * static_cast<double>(s.x) *
                       static_cast<double>(claimed.channels) * static_cast<double>(claimed.bytes_per_voxel);
  if (bytes > kLargestVolume || bytes > claimed.most_bytes)
    throw core::InputError(
        where, "claims more voxels (" + core::toString(s) + ") than it holds; it is cut short or damaged",
        "copy or download the file again");
  // As floats beside the stored form.
  const double needed = bytes + bytes / static_cast<double>(claimed.bytes_per_voxel) * 4;
  try {
    core::requireMemory(where, "a volume of " + core::toString(s) + " voxels", needed);
  } catch (const core::InputError& error) {
    throw NotEnoughMemory(error.where(), error.problem(), error.remedy());
  }
  return static_cast<std::size_t>(bytes);
}

void mendGeometry(core::Geometry& g, const std::string& where, std::vector<std::string>& notes) {
  for (const double spacing : {g.spacing.z, g.spacing.y, g.spacing.x})
    if (!std::isfinite(spacing) || spacing <= 0 || spacing > 1e6 || spacing < 1e-6)
      throw core::InputError(where, "has a voxel spacing of " + std::to_string(spacing) + " mm",
                             "correct the header: spacings are positive numbers");
  for (const double value : g.origin)
    if (!std::isfinite(value))
      throw core::InputError(where, "has an origin that is not a number", "correct the header");
  for (const double value : g.direction)
    if (!std::isfinite(value))
      throw core::InputError(where, "has directions that are not numbers", "correct the header");
  const double off = shear(g.direction);
  if (!(off <= 0.02))
    throw core::InputError(
        where, "has axes that are not at right angles (sheared, by a cosine of " + std::to_string(off) + ")",
        "resample it to a rectangular grid first");
  if (off > 1e-5) {
    const core::Geometry sheared = g;
    g.direction = orthogonal(g.direction);
    const double apart = distanceInVoxels(sheared, g);
    if (apart > kMostVoxelsApart)
      throw core::InputError(where,
                             "has axes that are not at right angles (on a rectangular grid its corners would "
                             "lie " +
                                 std::to_string(apart) + " voxels elsewhere)",
                             "resample it to a rectangular grid first");
    notes.push_back("its axes were off from right angles by a cosine of " + std::to_string(off) +
                    "; the nearest rectangular grid is used");
  }
}

}  // namespace rind::datasets
