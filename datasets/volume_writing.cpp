#include "rind/datasets/volume_writing.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/npy.h"
#include "rind/core/nrrd.h"
#include "rind/core/text.h"
#include "rind/datasets/gzip_writer.h"
#include "rind/datasets/nifti.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

std::string_view bytesOfVolume(const RawVolume& raw) {
  return {reinterpret_cast<const char*>(raw.bytes.data()), raw.bytes.size()};
}

template <class Name>
Name byType(VoxelType type, Name u8, Name u16, Name i16, Name f32) {
  return type == VoxelType::u8 ? u8 : type == VoxelType::u16 ? u16 : type == VoxelType::i16 ? i16 : f32;
}

fs::path dataFileOf(const fs::path& header) {
  return header.string() + ".raw";
}

/// To a temporary file, down to the disk.
void writePlain(const fs::path& temporary, std::string_view content, const fs::path& path) {
  errno = 0;
  std::ofstream out(temporary, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) core::throwCannotWrite(path, errno != 0 ? errno : ENOSPC);
  core::flushToDisk(temporary);
}

/// The header and its data file. Both are on the disk before either takes its name, and the header that was
/// there goes before new data come: no kill leaves an old header on new voxels.
void writeDetached(const fs::path& path, const std::string& header, const RawVolume& raw) {
  const fs::path data = dataFileOf(path);
  core::writeNamedFileWhole(path, [&](const fs::path& header_file) {
    writePlain(header_file, header, path);
    core::writeNamedFileWhole(data, [&](const fs::path& data_file) {
      writePlain(data_file, bytesOfVolume(raw), data);
      std::error_code ignored;
      if (!fs::is_directory(path, ignored)) fs::remove(path, ignored);
    });
  });
}

void writeNumpy(const fs::path& path, const RawVolume& raw) {
  const auto& s = raw.geometry.size;
  std::vector<std::int64_t> shape = {s.z, s.y, s.x};
  if (raw.channels > 1) shape.insert(shape.begin(), raw.channels);
  core::writeNpy(path, byType(raw.type, "u1", "u2", "i2", "f4"), shape, raw.bytes.data());
}

void writeNrrd(const fs::path& path, const RawVolume& raw) {
  core::NrrdHeader header{raw.geometry, byType(raw.type, "uint8", "uint16", "int16", "float"), raw.channels};
  if (volumeExtension(path) == ".nhdr") {
    header.data_file = dataFileOf(path).filename().string();
    return writeDetached(path, core::nrrdHeaderText(header), raw);
  }
  header.encoding = "gzip";
  core::writeFileWhole(path, [&](std::ostream& out) {
    out << core::nrrdHeaderText(header);
    GzipWriter gzip(out);
    gzip.write(raw.bytes.data(), raw.bytes.size());
    gzip.finish();
  });
}

/// MetaImage: TransformMatrix lists the direction of each axis in turn, in LPS.
std::string metaHeader(const RawVolume& raw, const std::string& data_file) {
  const auto& g = raw.geometry;
  const int axes = raw.channels > 1 ? 4 : 3;
  std::ostringstream text;
  text.precision(17);
  text << "ObjectType = Image\nNDims = " << axes << "\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
       << "CompressedData = False\nTransformMatrix =";
  for (std::size_t k = 0; k < static_cast<std::size_t>(axes); ++k)
    for (std::size_t r = 0; r < static_cast<std::size_t>(axes); ++r)
      text << " " << (k < 3 && r < 3 ? g.direction[3 * r + k] : k == r ? 1 : 0);
  text << "\nOffset = " << g.origin[0] << " " << g.origin[1] << " " << g.origin[2] << (axes == 4 ? " 0" : "")
       << "\nElementSpacing = " << g.spacing.x << " " << g.spacing.y << " " << g.spacing.z
       << (axes == 4 ? " 1" : "") << "\nDimSize = " << g.size.x << " " << g.size.y << " " << g.size.z;
  if (axes == 4) text << " " << raw.channels;
  text << "\nElementType = " << byType(raw.type, "MET_UCHAR", "MET_USHORT", "MET_SHORT", "MET_FLOAT")
       << "\nElementDataFile = " << data_file << "\n";
  return text.str();
}

void writeMeta(const fs::path& path, const RawVolume& raw) {
  if (volumeExtension(path) == ".mhd")
    return writeDetached(path, metaHeader(raw, dataFileOf(path).filename().string()), raw);
  core::writeFileWhole(path,
                       [&](std::ostream& out) { out << metaHeader(raw, "LOCAL") << bytesOfVolume(raw); });
}

}  // namespace

std::string volumeExtension(const fs::path& path) {
  const std::string name = core::lowered(path.filename().string());
  for (const std::string extension :
       {".nii.gz", ".nii", ".seg.nrrd", ".nrrd", ".nhdr", ".mha", ".mhd", ".npy", ".dcm"})
    if (name.size() > extension.size() && name.ends_with(extension)) return extension;
  return {};
}

bool isWritableVolume(const fs::path& path) {
  const std::string extension = volumeExtension(path);
  return !extension.empty() && extension != ".dcm";
}

std::vector<fs::path> filesWritten(const fs::path& volume) {
  const std::string extension = volumeExtension(volume);
  if (extension == ".nhdr" || extension == ".mhd") return {volume, dataFileOf(volume)};
  return {volume};
}

void writeVolume(const fs::path& path, const RawVolume& raw) {
  const std::string extension = volumeExtension(path);
  if (extension == ".npy") return writeNumpy(path, raw);
  if (extension == ".nii" || extension == ".nii.gz") return writeNifti(path, raw);
  if (extension.ends_with(".nrrd") || extension == ".nhdr") return writeNrrd(path, raw);
  if (extension == ".mha" || extension == ".mhd") return writeMeta(path, raw);
  throw core::InputError(path.string(), "has no extension of a volume that can be written",
                         "name it .nii.gz, .nii, .nrrd, .nhdr, .mha, .mhd or .npy");
}

}  // namespace rind::datasets
