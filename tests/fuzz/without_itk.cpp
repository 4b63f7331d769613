// Stands in for datasets/itk_formats.cpp: fuzzing is for the parsers of our own.
#include <cstring>
#include <fstream>

#include "rind/core/error.h"
#include "rind/datasets/itk_formats.h"
#include "rind/datasets/readable.h"

namespace rind::datasets {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path) {
  throw core::InputError(path.string(), "is left to ITK", "give another file");
}

}  // namespace

RawVolume readNrrdByItk(const std::filesystem::path& path) {
  refuse(path);
}
bool isDicomFile(const std::filesystem::path&) {
  return false;
}
DicomSlice readDicomSlice(const std::filesystem::path& path) {
  refuse(path);
}
void readDicomPixels(const DicomSlice& slice, float*) {
  refuse(slice.file);
}

}  // namespace rind::datasets
