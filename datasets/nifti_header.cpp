#include "rind/datasets/nifti_header.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "rind/core/error.h"

namespace rind::datasets {
namespace {

// Offsets and types: nifti1.h and nifti2.h of the NIfTI Data Format Working Group.
constexpr int kScannerCode = 1;
constexpr int kUnitMillimetre = 2;

template <class T>
T fieldAt(const std::vector<std::byte>& bytes, std::size_t offset, bool swapped) {
  std::array<std::byte, sizeof(T)> raw;
  std::memcpy(raw.data(), bytes.data() + offset, sizeof(T));
  if (swapped) std::reverse(raw.begin(), raw.end());
  T value;
  std::memcpy(&value, raw.data(), sizeof(T));
  return value;
}

template <class T>
void putAt(std::vector<std::byte>& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof(T));
}

/// Offsets of one version; floats are F, extents D.
template <class F, class D>
void readNumbers(const std::vector<std::byte>& b, NiftiHeader& h, const std::array<std::size_t, 7>& at) {
  const auto [dim, pixdim, scale, quaternion, offset, srow, stride] = at;
  for (std::size_t i = 0; i < 8; ++i) {
    h.dim[i] = fieldAt<D>(b, dim + sizeof(D) * i, h.swapped);
    h.pixdim[i] = static_cast<double>(fieldAt<F>(b, pixdim + sizeof(F) * i, h.swapped));
  }
  h.slope = static_cast<double>(fieldAt<F>(b, scale, h.swapped));
  h.intercept = static_cast<double>(fieldAt<F>(b, scale + sizeof(F), h.swapped));
  for (std::size_t i = 0; i < 3; ++i) {
    h.quaternion[i] = static_cast<double>(fieldAt<F>(b, quaternion + stride * i, h.swapped));
    h.qoffset[i] = static_cast<double>(fieldAt<F>(b, offset + stride * i, h.swapped));
  }
  for (std::size_t i = 0; i < 12; ++i)
    h.srow[i] = static_cast<double>(fieldAt<F>(b, srow + sizeof(F) * i, h.swapped));
}

/// RAS, mm: columns are steps along x, y, z; then the position of the first voxel.
struct Affine {
  std::array<double, 9> step = {};
  std::array<double, 3> origin = {};
};

Affine sformOf(const NiftiHeader& h) {
  Affine affine;
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) affine.step[3 * r + c] = h.srow[4 * r + c];
    affine.origin[r] = h.srow[4 * r + 3];
  }
  return affine;
}

/// Method 2 of the standard.
Affine qformOf(const NiftiHeader& h, const std::string& where) {
  double b = h.quaternion[0], c = h.quaternion[1], d = h.quaternion[2];
  const double rest = 1 - (b * b + c * c + d * d);
  if (!(rest > -0.02))
    throw core::InputError(where, "has a qform that is no rotation (its quaternion is longer than 1)",
                           "correct the header");
  double a = 0;
  if (rest < 1e-7) {
    const double length = std::sqrt(b * b + c * c + d * d);
    b /= length, c /= length, d /= length;
  } else {
    a = std::sqrt(rest);
  }
  const double handedness = h.pixdim[0] < 0 ? -1 : 1;
  const std::array<double, 9> rotation = {
      a * a + b * b - c * c - d * d, 2 * (b * c - a * d),           2 * (b * d + a * c),
      2 * (b * c + a * d),           a * a + c * c - b * b - d * d, 2 * (c * d - a * b),
      2 * (b * d - a * c),           2 * (c * d + a * b),           a * a + d * d - c * c - b * b};
  Affine affine;
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t k = 0; k < 3; ++k)
      affine.step[3 * r + k] = rotation[3 * r + k] * h.pixdim[k + 1] * (k == 2 ? handedness : 1);
  affine.origin = h.qoffset;
  return affine;
}

Affine spacingOnly(const NiftiHeader& h) {
  Affine affine;
  for (std::size_t k = 0; k < 3; ++k) affine.step[4 * k] = h.pixdim[k + 1];
  return affine;
}

bool differ(const Affine& a, const Affine& b) {
  double most = 0, size = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    most = std::max(most, std::abs(a.step[i] - b.step[i]));
    size = std::max(size, std::abs(a.step[i]));
  }
  double shift = 0;
  for (std::size_t i = 0; i < 3; ++i) shift = std::max(shift, std::abs(a.origin[i] - b.origin[i]));
  return most > 1e-3 * size || shift > 0.05 * size;
}

Affine affineOf(const NiftiHeader& h, const std::string& where, std::vector<std::string>& notes) {
  if (h.sform_code <= 0 && h.qform_code <= 0) {
    notes.emplace_back(
        "its header says nothing of directions (qform and sform codes are 0); only the spacing is used");
    return spacingOnly(h);
  }
  if (h.sform_code <= 0) return qformOf(h, where);
  const Affine sform = sformOf(h);
  if (h.qform_code > 0 && differ(sform, qformOf(h, where)))
    notes.emplace_back("its qform and sform disagree; the sform is used");
  return sform;
}

double millimetresPerUnit(int units) {
  switch (units & 7) {
    case 1:
      return 1000;
    case 3:
      return 0.001;
    default:
      return 1;
  }
}

core::Geometry geometryOf(const Affine& affine, const NiftiHeader& h, double unit) {
  core::Geometry g;
  std::array<double, 3> spacing = {};
  for (std::size_t k = 0; k < 3; ++k) {
    const double length = std::hypot(affine.step[k], affine.step[3 + k], affine.step[6 + k]);
    // The stored spacing is the rounder number where both are there.
    const double stored = std::abs(h.pixdim[k + 1]);
    spacing[k] = std::abs(stored - length) <= 1e-5 * length ? stored : length;
    for (std::size_t r = 0; r < 3; ++r) {
      const double lps = r < 2 ? -affine.step[3 * r + k] : affine.step[3 * r + k];
      g.direction[3 * r + k] = lps / length + 0.0;
    }
  }
  g.spacing = {spacing[2] * unit, spacing[1] * unit, spacing[0] * unit};
  for (std::size_t r = 0; r < 3; ++r)
    g.origin[r] = (r < 2 ? -affine.origin[r] : affine.origin[r]) * unit + 0.0;
  return g;
}

/// Quaternion (b, c, d) and handedness of a RAS rotation, as the standard's nifti_mat44_to_quatern defines
/// them.
std::array<double, 4> quaternionOf(std::array<double, 9> r) {
  const double determinant = r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) +
                             r[2] * (r[3] * r[7] - r[4] * r[6]);
  const double handedness = determinant < 0 ? -1 : 1;
  for (std::size_t row = 0; row < 3; ++row) r[3 * row + 2] *= handedness;
  std::array<double, 4> q = {1 + r[0] + r[4] + r[8], 1 + r[0] - r[4] - r[8], 1 + r[4] - r[0] - r[8],
                             1 + r[8] - r[0] - r[4]};  // 4a², 4b², 4c², 4d²
  const auto largest = static_cast<std::size_t>(std::max_element(q.begin(), q.end()) - q.begin());
  const double root = 2 * std::sqrt(q[largest]);  // 4·component
  const std::array<double, 6> sums = {r[7] - r[5], r[2] - r[6], r[3] - r[1],
                                      r[1] + r[3], r[2] + r[6], r[5] + r[7]};
  // sums: 4ab, 4ac, 4ad, 4bc, 4bd, 4cd
  const std::array<std::array<int, 4>, 4> pair = {
      {{-1, 0, 1, 2}, {0, -1, 3, 4}, {1, 3, -1, 5}, {2, 4, 5, -1}}};
  std::array<double, 4> out = {};
  for (std::size_t k = 0; k < 4; ++k)
    out[k] = k == largest ? root / 4 : sums[static_cast<std::size_t>(pair[largest][k])] / root;
  if (out[0] < 0)
    for (double& value : out) value = -value;
  return {out[1], out[2], out[3], handedness};
}

void putGeometry(std::vector<std::byte>& header, const core::Geometry& g) {
  const std::array<double, 3> spacing = {g.spacing.x, g.spacing.y, g.spacing.z};
  std::array<double, 9> ras = g.direction;
  for (std::size_t i = 0; i < 6; ++i) ras[i] = -ras[i];
  const auto q = quaternionOf(ras);
  putAt(header, 76, static_cast<float>(q[3]));
  putAt(header, 252, static_cast<std::int16_t>(kScannerCode));
  putAt(header, 254, static_cast<std::int16_t>(kScannerCode));
  for (std::size_t r = 0; r < 3; ++r) {
    const auto origin = static_cast<float>(r < 2 ? -g.origin[r] : g.origin[r]);
    putAt(header, 80 + 4 * r, static_cast<float>(spacing[r]));
    putAt(header, 256 + 4 * r, static_cast<float>(q[r]));
    putAt(header, 268 + 4 * r, origin);
    for (std::size_t k = 0; k < 3; ++k)
      putAt(header, 280 + 16 * r + 4 * k, static_cast<float>(ras[3 * r + k] * spacing[k]));
    putAt(header, 280 + 16 * r + 12, origin);
  }
}

}  // namespace

std::size_t niftiHeaderBytes(const std::byte* first_four) {
  std::uint32_t value = 0;
  std::memcpy(&value, first_four, 4);
  for (const std::size_t size : {kNifti1Bytes, kNifti2Bytes})
    if (value == size || __builtin_bswap32(value) == size) return size;
  return 0;
}

NiftiHeader parseNiftiHeader(const std::vector<std::byte>& bytes, const std::string& where) {
  NiftiHeader h;
  std::uint32_t size = 0;
  std::memcpy(&size, bytes.data(), 4);
  h.swapped = size != bytes.size();
  const bool second = bytes.size() == kNifti2Bytes;
  if (std::memcmp(bytes.data() + (second ? 4 : 344), second ? "n+2" : "n+1", 4) != 0)
    throw core::InputError(where, "is not a single-file NIfTI (its magic is not \"n+1\" or \"n+2\")",
                           "convert it to .nii.gz");
  if (second) {
    readNumbers<double, std::int64_t>(bytes, h, {16, 104, 176, 352, 376, 400, 8});
    h.datatype = fieldAt<std::int16_t>(bytes, 12, h.swapped);
    h.data_offset = fieldAt<std::int64_t>(bytes, 168, h.swapped);
    h.units = fieldAt<std::int32_t>(bytes, 500, h.swapped);
    h.qform_code = fieldAt<std::int32_t>(bytes, 344, h.swapped);
    h.sform_code = fieldAt<std::int32_t>(bytes, 348, h.swapped);
  } else {
    readNumbers<float, std::int16_t>(bytes, h, {40, 76, 112, 256, 268, 280, 4});
    h.datatype = fieldAt<std::int16_t>(bytes, 70, h.swapped);
    const auto offset = fieldAt<float>(bytes, 108, h.swapped);
    h.data_offset = std::isfinite(offset) && std::abs(offset) < 1e9F ? static_cast<std::int64_t>(offset) : -1;
    h.units = static_cast<int>(bytes[123]);
    h.qform_code = fieldAt<std::int16_t>(bytes, 252, h.swapped);
    h.sform_code = fieldAt<std::int16_t>(bytes, 254, h.swapped);
  }
  if (h.data_offset == 0) h.data_offset = static_cast<std::int64_t>(bytes.size()) + 4;
  if (h.data_offset < static_cast<std::int64_t>(bytes.size()) || h.data_offset > (std::int64_t{1} << 30))
    throw core::InputError(where, "says that its voxels begin at an impossible place",
                           "convert the file again");
  return h;
}

core::Geometry niftiGeometry(const NiftiHeader& h, const std::string& where,
                             std::vector<std::string>& notes) {
  for (std::size_t k = 1; k <= 3; ++k)
    if (!std::isfinite(h.pixdim[k]) || h.pixdim[k] < 0 ||
        (h.pixdim[k] == 0 && h.sform_code <= 0 && h.dim[0] >= static_cast<std::int64_t>(k)))
      throw core::InputError(where, "has a voxel spacing of " + std::to_string(h.pixdim[k]) + " mm",
                             "correct the header: spacings are positive numbers");
  core::Geometry g = geometryOf(affineOf(h, where, notes), h, millimetresPerUnit(h.units));
  g.size = {h.dim[0] >= 3 ? h.dim[3] : 1, h.dim[2], h.dim[1]};
  mendGeometry(g, where, notes);
  return g;
}

std::vector<std::byte> makeNiftiHeader(const core::Geometry& g, int channels, VoxelType type) {
  std::vector<std::byte> header(kNifti1Bytes);
  putAt(header, 0, static_cast<std::int32_t>(kNifti1Bytes));
  const std::array<std::int64_t, 8> dim = {
      channels > 1 ? 4 : 3, g.size.x, g.size.y, g.size.z, channels, 1, 1, 1};
  for (std::size_t i = 0; i < 8; ++i) putAt(header, 40 + 2 * i, static_cast<std::int16_t>(dim[i]));
  const std::int16_t code = type == VoxelType::u8    ? 2
                            : type == VoxelType::i16 ? 4
                            : type == VoxelType::u16 ? 512
                                                     : 16;
  putAt(header, 70, code);
  putAt(header, 72, static_cast<std::int16_t>(8 * bytesOf(type)));
  for (std::size_t i = 4; i < 8; ++i) putAt(header, 76 + 4 * i, 1.0F);
  putGeometry(header, g);
  putAt(header, 108, 352.0F);
  putAt(header, 112, 1.0F);  // slope
  putAt(header, 123, static_cast<std::uint8_t>(kUnitMillimetre));
  std::memcpy(header.data() + 148, "Rind", 4);
  std::memcpy(header.data() + 344, "n+1", 4);
  return header;
}

VoxelType niftiVoxelType(int datatype, const std::string& where) {
  switch (datatype) {
    case 2:
      return VoxelType::u8;
    case 4:
      return VoxelType::i16;
    case 8:
      return VoxelType::i32;
    case 16:
      return VoxelType::f32;
    case 64:
      return VoxelType::f64;
    case 256:
      return VoxelType::i8;
    case 512:
      return VoxelType::u16;
    case 768:
      return VoxelType::u32;
    case 1024:
      return VoxelType::i64;
    case 1280:
      return VoxelType::u64;
    default:
      throw core::InputError(where,
                             "has voxels of NIfTI type " + std::to_string(datatype) + " (no plain numbers)",
                             "convert it to an integer or float volume");
  }
}

}  // namespace rind::datasets
