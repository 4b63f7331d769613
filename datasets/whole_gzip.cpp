#include "rind/datasets/whole_gzip.h"

#include <libdeflate.h>

#include <fstream>

namespace rind::datasets {
namespace {

constexpr std::size_t kFooter = 8;  // checksum, and the unpacked size modulo 2³²: RFC 1952

struct Decompressor {
  libdeflate_decompressor* it = libdeflate_alloc_decompressor();
  ~Decompressor() { libdeflate_free_decompressor(it); }
};

std::size_t claimedSize(const std::byte* end) {
  std::size_t size = 0;
  for (int i = 4; i > 0; --i) size = size << 8 | std::to_integer<std::size_t>(end[i - 5]);
  return size;
}

}  // namespace

UnpackedGzip unpackWholeGzip(const std::filesystem::path& path, std::size_t offset, std::size_t least,
                             std::size_t most) {
  std::error_code status;
  const auto size = static_cast<std::size_t>(std::filesystem::file_size(path, status));
  if (status || size < offset + kFooter) return {};
  const std::size_t packed_size = size - offset;
  const auto packed = std::make_unique_for_overwrite<std::byte[]>(packed_size);
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(packed.get()), static_cast<std::streamsize>(packed_size));
  if (static_cast<std::size_t>(file.gcount()) != packed_size) return {};
  UnpackedGzip out;
  out.count = claimedSize(packed.get() + packed_size);
  if (out.count < least || out.count > most) return {};
  out.bytes = std::make_unique_for_overwrite<std::byte[]>(out.count);
  const Decompressor decompressor;
  std::size_t used = 0, made = 0;
  const auto result = libdeflate_gzip_decompress_ex(decompressor.it, packed.get(), packed_size,
                                                    out.bytes.get(), out.count, &used, &made);
  const bool whole = result == LIBDEFLATE_SUCCESS && used == packed_size && made == out.count;
  return whole ? std::move(out) : UnpackedGzip{};
}

}  // namespace rind::datasets
