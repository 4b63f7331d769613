#include "rind/datasets/readable.h"

#include <algorithm>

#include "rind/core/error.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRemedy = "check the name and that you may read it";

}  // namespace

std::string whyUnreadable(const fs::path& path) {
  std::error_code status;
  const auto kind = fs::status(path, status).type();
  if (kind == fs::file_type::regular || kind == fs::file_type::directory) return {};
  if (kind == fs::file_type::not_found) return "does not exist";
  return status ? "cannot be read (" + status.message() + ")" : "is neither a file nor a folder";
}

void requireReadable(const fs::path& path) {
  if (const std::string why = whyUnreadable(path); !why.empty())
    throw core::InputError(path.string(), why, kRemedy);
}

bool isFile(const fs::path& path) {
  std::error_code status;
  return fs::is_regular_file(path, status);
}

bool isFolder(const fs::path& path) {
  std::error_code status;
  return fs::is_directory(path, status);
}

std::vector<fs::path> entriesOf(const fs::path& folder) {
  std::error_code status;
  std::vector<fs::path> entries;
  fs::directory_iterator at(folder, status);
  for (; !status && at != fs::directory_iterator(); at.increment(status)) entries.push_back(at->path());
  const bool missing = status == std::errc::no_such_file_or_directory || status == std::errc::not_a_directory;
  if (status && !missing)
    throw core::InputError(folder.string(), "cannot be read (" + status.message() + ")", kRemedy);
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace rind::datasets
