#include "rind/datasets/itk_formats.h"

#include <gdcmTrace.h>
#include <itkGDCMImageIO.h>
#include <itkMetaDataObject.h>
#include <itkNrrdImageIO.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <mutex>

#include "rind/core/error.h"
#include "rind/datasets/dicom_structure.h"
#include "rind/datasets/not_enough_memory.h"
#include "rind/datasets/quiet_standard_error.h"
#include "rind/datasets/readable.h"
#include "rind/datasets/text_header.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double kLargestRatio = 1033;                                        // zlib's deflate: 1032 to 1
constexpr const char* kSegmentationStorage = "1.2.840.10008.5.1.4.1.1.66.4";  // PS3.4, B.5

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  throw core::InputError(path.string(), what, "copy, download or convert the file again");
}

void requireReadableFile(const fs::path& path) {
  requireReadable(path);
  if (!isFile(path) || !std::ifstream(path, std::ios::binary).good())
    throw core::InputError(path.string(), "cannot be read",
                           "check that it is a file and that you may read it");
}

/// ITK explains itself over several lines, with addresses; the first sentence of its own is enough.
template <class Work>
auto translated(const fs::path& path, Work work) {
  static std::once_flag once;
  std::call_once(once, [] {
    itk::Object::SetGlobalWarningDisplay(false);
    gdcm::Trace::DebugOff();
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
  });
  const QuietStandardError quiet;
  try {
    return work();
  } catch (const core::InputError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw NotEnoughMemory(path.string(), "needs more memory than there is",
                          "crop it, or use a machine with more memory");
  } catch (const std::exception&) {
    fail(path, "is cut short, damaged or of a kind that cannot be read");
  }
}

VoxelType voxelTypeOf(const itk::ImageIOBase& io, const fs::path& path) {
  using Component = itk::IOComponentEnum;
  static_assert(sizeof(long) == 8);
  switch (io.GetComponentType()) {
    case Component::UCHAR:
      return VoxelType::u8;
    case Component::CHAR:
      return VoxelType::i8;
    case Component::USHORT:
      return VoxelType::u16;
    case Component::SHORT:
      return VoxelType::i16;
    case Component::UINT:
      return VoxelType::u32;
    case Component::INT:
      return VoxelType::i32;
    case Component::ULONG:
    case Component::ULONGLONG:
      return VoxelType::u64;
    case Component::LONG:
    case Component::LONGLONG:
      return VoxelType::i64;
    case Component::FLOAT:
      return VoxelType::f32;
    case Component::DOUBLE:
      return VoxelType::f64;
    default:
      fail(path, "has voxels that are no plain numbers");
  }
}

std::int64_t extentOf(const itk::ImageIOBase& io, unsigned axis) {
  if (axis >= io.GetNumberOfDimensions()) return 1;
  const auto extent = io.GetDimensions(axis);
  return extent > (1U << 30) ? -1 : static_cast<std::int64_t>(extent);
}

core::Geometry geometryOf(const itk::ImageIOBase& io) {
  core::Geometry g;
  g.size = {extentOf(io, 2), extentOf(io, 1), extentOf(io, 0)};
  const unsigned axes = std::min(3U, io.GetNumberOfDimensions());
  const auto spacing = [&](unsigned axis) { return axis < axes ? io.GetSpacing(axis) : 1.0; };
  g.spacing = {spacing(2), spacing(1), spacing(0)};
  for (unsigned k = 0; k < axes; ++k) {
    g.origin[k] = io.GetOrigin(k);
    const auto direction = io.GetDirection(k);
    for (unsigned r = 0; r < axes; ++r) g.direction[3 * r + k] = direction[r];
  }
  return g;
}

void readWhole(itk::ImageIOBase& io, void* buffer) {
  itk::ImageIORegion region(io.GetNumberOfDimensions());
  for (unsigned axis = 0; axis < io.GetNumberOfDimensions(); ++axis)
    region.SetSize(axis, io.GetDimensions(axis));
  io.SetIORegion(region);
  io.Read(buffer);
}

/// What the data file can hold at most; a detached one is taken to be any file beside its header.
double mostBytes(const fs::path& path) {
  std::error_code status;
  const std::string extension = path.extension().string();
  double bytes = static_cast<double>(fs::file_size(path, status));
  if (extension == ".nhdr")
    for (const auto& entry :
         fs::directory_iterator(path.has_parent_path() ? path.parent_path() : ".", status))
      if (entry.is_regular_file(status)) bytes += static_cast<double>(entry.file_size(status));
  return bytes * kLargestRatio;
}

/// One file at a time: the library behind ITK's NRRD keeps the messages of its errors in one list for the
/// whole process, and two threads that find a bad file at once tear it apart.
RawVolume readItk(const fs::path& path) {
  static std::mutex one_at_a_time;
  requireReadableFile(path);
  const std::lock_guard lock(one_at_a_time);
  const auto made = itk::NrrdImageIO::New();
  itk::ImageIOBase& io = *made;
  return translated(path, [&] {
    io.SetFileName(path.string());
    io.ReadImageInformation();
    const unsigned axes = io.GetNumberOfDimensions();
    RawVolume raw;
    if (axes < 2 || axes > 4) fail(path, "has " + std::to_string(axes) + " axes where a volume has 3");
    const auto components = static_cast<std::int64_t>(io.GetNumberOfComponents());
    const std::int64_t fourth = extentOf(io, 3);
    if (components > 1 && fourth > 1) fail(path, "has channels along two axes");
    raw.geometry = geometryOf(io);
    raw.type = voxelTypeOf(io, path);
    raw.interleaved = components > 1;
    const std::int64_t channels = std::max(components, fourth);
    raw.bytes.resize(
        checkedBytes({raw.geometry.size, channels, bytesOf(raw.type), mostBytes(path)}, path.string()));
    raw.channels = static_cast<int>(channels);
    mendGeometry(raw.geometry, path.string(), raw.notes);
    readWhole(io, raw.bytes.data());
    return raw;
  });
}

std::string tag(const itk::ImageIOBase& io, const std::string& key) {
  std::string value;
  itk::ExposeMetaData<std::string>(io.GetMetaDataDictionary(), key, value);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.pop_back();
  return value;
}

/// The numbers of a tag, separated by backslashes; none where it is absent.
std::vector<double> numbersOf(const itk::ImageIOBase& io, const std::string& key, std::size_t count,
                              const fs::path& path) {
  std::string text = tag(io, key);
  std::replace(text.begin(), text.end(), '\\', ' ');
  const auto numbers = numbersIn(text);
  if (numbers && numbers->empty()) return {};
  if (!numbers || numbers->size() != count ||
      !std::all_of(numbers->begin(), numbers->end(), [](double number) { return std::isfinite(number); }))
    fail(path,
         "has a tag (" + key + ") that is not the " + std::to_string(count) + " numbers that it should be");
  return *numbers;
}

/// Spacing, position and directions come from the tags where they are there: ITK guesses where they miss or
/// are no sense.
void placeFromTags(DicomSlice& slice, const itk::ImageIOBase& io) {
  const auto spacing = numbersOf(io, "0028|0030", 2, slice.file);
  const auto position = numbersOf(io, "0020|0032", 3, slice.file);
  const auto orientation = numbersOf(io, "0020|0037", 6, slice.file);
  if (!spacing.empty()) slice.spacing = {slice.spacing.z, spacing[0], spacing[1]};
  if (!position.empty()) slice.position = {position[0], position[1], position[2]};
  if (!orientation.empty()) {
    slice.row = {orientation[0], orientation[1], orientation[2]};
    slice.column = {orientation[3], orientation[4], orientation[5]};
  }
}

}  // namespace

RawVolume readNrrdByItk(const fs::path& path) {
  return readItk(path);
}

bool isDicomFile(const fs::path& path) {
  std::error_code status;
  if (!fs::is_regular_file(path, status)) return false;
  std::array<char, 132> start = {};
  std::ifstream file(path, std::ios::binary);
  return file.read(start.data(), start.size()) && std::string_view(start.data() + 128, 4) == "DICM";
}

DicomSlice readDicomSlice(const fs::path& path) {
  requireReadableFile(path);
  if (const std::string why = requireWholeDicom(path); !why.empty()) {
    DicomSlice other;
    other.file = path;
    other.no_image = why;
    return other;
  }
  const auto io = itk::GDCMImageIO::New();
  return translated(path, [&] {
    io->SetFileName(path.string());
    io->ReadImageInformation();
    const core::Geometry g = geometryOf(*io);
    DicomSlice slice{path, tag(*io, "0020|000e"), tag(*io, "0008|103e"), g.size, g.spacing, g.origin};
    for (std::size_t r = 0; r < 3; ++r)
      slice.row[r] = g.direction[3 * r], slice.column[r] = g.direction[3 * r + 1];
    slice.segmentation = tag(*io, "0008|0016") == kSegmentationStorage;
    if (io->GetNumberOfComponents() != 1 && !slice.segmentation) {
      slice.no_image = "is a colour image";
      return slice;
    }
    placeFromTags(slice, *io);
    const std::string syntax = tag(*io, "0002|0010");
    const bool packed = syntax.rfind("1.2.840.10008.1.2.4", 0) == 0 || syntax == "1.2.840.10008.1.2.5";
    std::error_code status;
    const double most = static_cast<double>(fs::file_size(path, status)) * (packed ? 4096 : 1);
    checkedBytes({g.size, 1, 1, most}, path.string());
    return slice;
  });
}

void readDicomPixels(const DicomSlice& slice, float* voxels) {
  const auto io = itk::GDCMImageIO::New();
  translated(slice.file, [&] {
    io->SetFileName(slice.file.string());
    io->ReadImageInformation();
    RawVolume raw;
    raw.geometry = geometryOf(*io);
    if (!(raw.geometry.size == slice.size)) fail(slice.file, "changed while it was read");
    raw.type = voxelTypeOf(*io, slice.file);
    raw.bytes.resize(static_cast<std::size_t>(slice.size.voxels()) * bytesOf(raw.type));
    readWhole(*io, raw.bytes.data());
    const Image image = toImage(std::move(raw));
    std::copy(image.voxels.begin(), image.voxels.end(), voxels);
    return 0;
  });
}

}  // namespace rind::datasets
