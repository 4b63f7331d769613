#include "output_places.h"

#include <algorithm>
#include <set>

#include "rind/core/error.h"
#include "rind/datasets/volume_io.h"

namespace rind::app {
namespace {

namespace fs = std::filesystem;

/// Without links, "." and a slash at the end.
fs::path realPlace(const fs::path& path) {
  std::error_code ignored;
  fs::path place = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
  if (place.empty()) place = path.lexically_normal();
  return place.has_filename() ? place : place.parent_path();
}

bool holds(const fs::path& folder, const fs::path& place) {
  return std::mismatch(folder.begin(), folder.end(), place.begin(), place.end()).first == folder.end();
}

void requireOwn(const std::string& option, const fs::path& output, const std::set<fs::path>& read,
                std::set<fs::path>& written) {
  const fs::path place = realPlace(output);
  const auto held = read.lower_bound(place);  // what a folder holds is sorted right behind it
  if (held != read.end() && holds(place, *held))
    throw core::InputError(option, output.string() + " is read by this command and would be overwritten",
                           "give another name");
  if (!written.insert(place).second)
    throw core::InputError(option, output.string() + " would be written twice", "give another name");
}

}  // namespace

void requireOwnPlaces(const std::vector<fs::path>& inputs, const std::vector<OutputPlace>& outputs) {
  std::set<fs::path> read, written;
  for (const auto& input : inputs) {
    if (input.empty()) continue;
    read.insert(realPlace(input));
    for (const auto& data : datasets::detachedDataOf(input)) read.insert(realPlace(data));
  }
  for (const auto& [option, output] : outputs) {
    if (output.empty()) continue;
    for (const auto& file : datasets::filesWritten(output)) requireOwn(option, file, read, written);
  }
}

}  // namespace rind::app
