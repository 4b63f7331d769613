#pragma once

#include <filesystem>
#include <string>

namespace rind::core {

/// The first of PARENT/NAME-01, PARENT/NAME-02, … that does not exist.
std::filesystem::path freeFolder(const std::filesystem::path& parent, const std::string& name);

/// `folder` itself where nothing is there; else the next free one of its row ("amos-cwcd-02" after
/// "amos-cwcd-01").
std::filesystem::path freeFolderFrom(const std::filesystem::path& folder);

}  // namespace rind::core
