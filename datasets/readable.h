#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rind::datasets {

/// Why nothing can be read from `path`, for after the file's name ("does not exist", "cannot be read
/// (Permission denied)"); empty for a regular file or a folder. Pipes and devices would be waited for, or
/// never end.
std::string whyUnreadable(const std::filesystem::path& path);

/// Throws InputError naming `path`.
void requireReadable(const std::filesystem::path& path);

bool isFile(const std::filesystem::path& path);
bool isFolder(const std::filesystem::path& path);

/// What a folder holds, sorted; nothing where it does not exist. Throws InputError: it may not be read.
std::vector<std::filesystem::path> entriesOf(const std::filesystem::path& folder);

}  // namespace rind::datasets
