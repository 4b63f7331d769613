#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace rind::core {

/// A file's bytes, read-only, paged in on demand; unmapped with the last owner. Throws InputError naming the
/// file where it is missing or does not hold exactly `bytes`.
std::shared_ptr<const std::byte> mapFile(const std::filesystem::path& path, std::size_t bytes);

}  // namespace rind::core
