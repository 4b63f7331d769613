#include "rind/datasets/nifti.h"

#include <algorithm>
#include <cmath>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/datasets/gzip_reader.h"
#include "rind/datasets/gzip_writer.h"
#include "rind/datasets/nifti_header.h"
#include "rind/datasets/volume_writing.h"

namespace rind::datasets {
namespace {

constexpr std::size_t kDataOffset = 352;

NiftiHeader readHeader(GzipReader& file, const std::string& where) {
  std::vector<std::byte> bytes(4);
  file.read(bytes.data(), 4);
  const std::size_t size = niftiHeaderBytes(bytes.data());
  if (size == 0) throw core::InputError(where, "is not a NIfTI file", "give a .nii or .nii.gz file");
  bytes.resize(size);
  file.read(bytes.data() + 4, size - 4);
  NiftiHeader header = parseNiftiHeader(bytes, where);
  file.skip(static_cast<std::size_t>(header.data_offset) - size);
  return header;
}

/// Channels lie along axis 4 (time) or 5 (vectors); all other axes beyond three have extent 1.
std::int64_t channelsOf(const NiftiHeader& h, const std::string& where) {
  if (h.dim[0] < 2 || h.dim[0] > 7)
    throw core::InputError(where, "says that it has " + std::to_string(h.dim[0]) + " axes",
                           "give a volume of 3 axes");
  std::int64_t channels = 1;
  for (std::size_t k = 4; k <= static_cast<std::size_t>(h.dim[0]); ++k) {
    if (h.dim[k] == 1 || h.dim[k] == 0) continue;
    if (channels != 1 || k > 5 || h.dim[k] < 0 || h.dim[k] > 4096)
      throw core::InputError(where, "has more than three axes and one of channels",
                             "give a volume of 3 axes");
    channels = h.dim[k];
  }
  return channels;
}

void swapBytes(RawVolume& raw) {
  const auto size = static_cast<std::ptrdiff_t>(bytesOf(raw.type));
  if (size == 1) return;
  for (auto at = raw.bytes.begin(); at != raw.bytes.end(); at += size) std::reverse(at, at + size);
}

}  // namespace

RawVolume readNifti(const std::filesystem::path& path) {
  const std::string where = path.string();
  GzipReader file(path);
  const NiftiHeader header = readHeader(file, where);
  RawVolume raw;
  raw.type = niftiVoxelType(header.datatype, where);
  const std::int64_t channels = channelsOf(header, where);
  raw.geometry = niftiGeometry(header, where, raw.notes);
  raw.channels = static_cast<int>(channels);
  const bool scaled = header.slope != 0 && std::isfinite(header.slope) && std::isfinite(header.intercept);
  raw.slope = scaled ? header.slope : 1;
  raw.intercept = scaled ? header.intercept : 0;
  raw.bytes.resize(checkedBytes({raw.geometry.size, channels, bytesOf(raw.type), file.left()}, where));
  file.read(raw.bytes.data(), raw.bytes.size());
  file.finish();
  if (header.swapped) swapBytes(raw);
  return raw;
}

core::Geometry readNiftiGeometry(const std::filesystem::path& path) {
  GzipReader file(path);
  std::vector<std::string> notes;
  return niftiGeometry(readHeader(file, path.string()), path.string(), notes);
}

double readNiftiVoxels(const std::filesystem::path& path) {
  GzipReader file(path);
  const NiftiHeader header = readHeader(file, path.string());
  std::vector<std::string> notes;
  const core::Extent3 size = niftiGeometry(header, path.string(), notes).size;
  return static_cast<double>(size.z) * static_cast<double>(size.y) * static_cast<double>(size.x) *
         static_cast<double>(channelsOf(header, path.string()));
}

void writeNifti(const std::filesystem::path& path, const RawVolume& raw) {
  const auto& size = raw.geometry.size;
  if (std::max({size.z, size.y, size.x}) > 32767)
    throw core::InputError(path.string(), "is too large for NIfTI-1", "choose .nrrd");
  std::vector<std::byte> header = makeNiftiHeader(raw.geometry, raw.channels, raw.type);
  header.resize(kDataOffset);  // no extensions
  core::writeFileWhole(path, [&](std::ostream& out) {
    if (volumeExtension(path) != ".nii.gz") {
      out.write(reinterpret_cast<const char*>(header.data()), static_cast<std::streamsize>(header.size()));
      out.write(reinterpret_cast<const char*>(raw.bytes.data()),
                static_cast<std::streamsize>(raw.bytes.size()));
      return;
    }
    GzipWriter gzip(out);
    gzip.write(header.data(), header.size());
    gzip.write(raw.bytes.data(), raw.bytes.size());
    gzip.finish();
  });
}

}  // namespace rind::datasets
