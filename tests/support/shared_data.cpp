#include "rind/test_support/shared_data.h"

#include <algorithm>
#include <cstdlib>

namespace rind::test_support {

namespace fs = std::filesystem;

fs::path sharedFolder() {
  if (const char* given = std::getenv("RIND_SHARED")) return given;
  const fs::path beside = fs::path(RIND_SOURCE_DIR).parent_path() / "shared";
  return fs::exists(beside / "oracles") ? beside : fs::path();
}

std::vector<fs::path> oracleCases(const std::string& kind) {
  std::vector<fs::path> cases;
  const fs::path folder = sharedFolder() / "oracles" / kind;
  if (!fs::is_directory(folder)) return cases;
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "case.json")) cases.push_back(entry.path());
  std::sort(cases.begin(), cases.end());
  return cases;
}

}  // namespace rind::test_support
