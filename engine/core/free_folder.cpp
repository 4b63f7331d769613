#include "rind/core/free_folder.h"

#include <algorithm>
#include <cctype>

namespace rind::core {
namespace {

namespace fs = std::filesystem;

std::string withoutNumber(const std::string& name) {
  const auto dash = name.rfind('-');
  if (dash == std::string::npos || dash == 0 || dash + 1 == name.size()) return name;
  const bool is_number = std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dash) + 1, name.end(),
                                     [](unsigned char letter) { return std::isdigit(letter) != 0; });
  return is_number ? name.substr(0, dash) : name;
}

}  // namespace

fs::path freeFolder(const fs::path& parent, const std::string& name) {
  for (int number = 1;; ++number) {
    auto path = parent / (name + (number < 10 ? "-0" : "-") + std::to_string(number));
    if (!fs::exists(path)) return path;
  }
}

fs::path freeFolderFrom(const fs::path& folder) {
  if (!fs::exists(folder)) return folder;
  return freeFolder(folder.parent_path(), withoutNumber(folder.filename().string()));
}

}  // namespace rind::core
