#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace rind::datasets {

/// A gzip stream unpacked in one piece, two to three times as fast as piece by piece.
struct UnpackedGzip {
  std::unique_ptr<std::byte[]> bytes;  // null where it could not be done
  std::size_t count = 0;
};

/// Unpacks what follows `offset`, if that is one whole gzip stream that says it holds `least` to `most`
/// bytes. Anything else, damage too, is left to a reader that goes piece by piece and can say what is wrong.
UnpackedGzip unpackWholeGzip(const std::filesystem::path& path, std::size_t offset, std::size_t least,
                             std::size_t most);

}  // namespace rind::datasets
