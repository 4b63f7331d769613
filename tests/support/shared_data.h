#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

namespace rind::test_support {

/// The folder of oracles and real data beside the checkout (or RIND_SHARED), empty where there is none.
std::filesystem::path sharedFolder();

/// All folders of `shared/oracles/KIND`, sorted; empty where the oracles are absent.
std::vector<std::filesystem::path> oracleCases(const std::string& kind);

}  // namespace rind::test_support

/// Skips the test, saying so, where `shared/RELATIVE` is absent.
#define RIND_REQUIRE_SHARED(relative)                                              \
  do {                                                                             \
    if (!std::filesystem::exists(rind::test_support::sharedFolder() / (relative))) \
      GTEST_SKIP() << "needs shared/" << (relative) << ", which is not here";      \
  } while (false)
