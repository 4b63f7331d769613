#include "rind/datasets/gzip_reader.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "rind/core/error.h"
#include "rind/datasets/readable.h"
#include "rind/datasets/whole_gzip.h"

namespace rind::datasets {
namespace {

constexpr std::size_t kBuffer = 1 << 18;
constexpr std::size_t kMostTrailing = 1 << 20;
constexpr std::size_t kWorthWhole = 1 << 18;  // less is unpacked piece by piece
constexpr double kLargestGzipRatio = 1033;    // zlib's deflate: 1032 to 1

}  // namespace

struct GzipReader::State {
  std::string where;
  std::ifstream file;
  double file_bytes = 0;
  double used = 0;  // of a file that is not packed
  bool packed = false;
  bool ended = false;  // of the gzip stream
  z_stream stream = {};
  std::vector<unsigned char> buffer = std::vector<unsigned char>(kBuffer);
  std::size_t offset = 0;
  std::size_t unpacked = 0;  // bytes that were read of the gzip stream
  UnpackedGzip whole;        // all of it, once much of it is wanted at a time
  bool whole_was_tried = false;

  bool fill() {
    file.read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(buffer.size()));
    stream.next_in = buffer.data();
    stream.avail_in = static_cast<uInt>(file.gcount());
    return stream.avail_in > 0;
  }

  [[noreturn]] void failShort() const {
    throw core::InputError(where, "is cut short", "copy or download the file again");
  }

  /// Unpacks at most `bytes`; fewer only where the stream has ended.
  std::size_t unpack(unsigned char* to, std::size_t bytes) {
    std::size_t got = 0;
    while (got < bytes && !ended) {
      if (stream.avail_in == 0 && !fill()) failShort();
      const auto room = static_cast<uInt>(std::min<std::size_t>(bytes - got, 1U << 30));
      stream.next_out = to + got;
      stream.avail_out = room;
      const int status = inflate(&stream, Z_NO_FLUSH);
      got += room - stream.avail_out;
      if (status == Z_STREAM_END)
        nextMember();
      else if (status != Z_OK && status != Z_BUF_ERROR)
        throw core::InputError(where, "is damaged (its compressed data do not fit their checksum)",
                               "copy or download the file again");
    }
    return got;
  }

  /// Reads from the whole, unpacked now if need be. False where that cannot be.
  bool readWhole(unsigned char* to, std::size_t bytes) {
    if (!whole_was_tried && bytes >= kWorthWhole) {
      whole_was_tried = true;
      whole = unpackWholeGzip(where, offset, unpacked + bytes, unpacked + bytes + kMostTrailing);
    }
    if (!whole.bytes) return false;
    if (bytes > whole.count - unpacked) failShort();
    std::memcpy(to, whole.bytes.get() + unpacked, bytes);
    return true;
  }

  void readPacked(unsigned char* to, std::size_t bytes) {
    if (!readWhole(to, bytes) && unpack(to, bytes) < bytes) failShort();
    unpacked += bytes;
  }

  /// Gzip files may be several, one after the other; anything else that follows is no data.
  void nextMember() {
    if (stream.avail_in == 0) fill();
    if (stream.avail_in > 0 && stream.next_in[0] == 0x1f)
      inflateReset(&stream);
    else
      ended = true;
  }
};

GzipReader::GzipReader(const std::filesystem::path& path, std::size_t offset, Packing packing)
    : state_(std::make_unique<State>()) {
  auto& s = *state_;
  s.where = path.string();
  s.offset = offset;
  requireReadable(path);
  errno = 0;
  if (isFile(path)) s.file.open(path, std::ios::binary);
  if (!s.file.is_open())
    throw core::InputError(
        s.where,
        isFolder(path) ? "is a folder" : std::string("cannot be read (") + std::strerror(errno) + ")",
        "check the name and that you may read it");
  std::error_code status;
  s.file_bytes = static_cast<double>(std::filesystem::file_size(path, status));
  s.file.seekg(static_cast<std::streamoff>(offset));
  s.used = std::min(static_cast<double>(offset), s.file_bytes);
  s.fill();
  const bool gzip = s.stream.avail_in >= 2 && s.buffer[0] == 0x1f && s.buffer[1] == 0x8b;
  s.packed = packing == Packing::deflate || (packing == Packing::detect && gzip);
  if (s.packed) inflateInit2(&s.stream, 15 + 32);  // either wrapping
}

GzipReader::~GzipReader() {
  if (state_->packed) inflateEnd(&state_->stream);
}

void GzipReader::read(void* to, std::size_t bytes) {
  auto& s = *state_;
  auto* at = static_cast<unsigned char*>(to);
  if (s.packed) return s.readPacked(at, bytes);
  const std::size_t buffered = std::min<std::size_t>(bytes, s.stream.avail_in);
  std::memcpy(at, s.stream.next_in, buffered);
  s.stream.next_in += buffered;
  s.stream.avail_in -= static_cast<uInt>(buffered);
  s.file.read(reinterpret_cast<char*>(at + buffered), static_cast<std::streamsize>(bytes - buffered));
  if (static_cast<std::size_t>(s.file.gcount()) < bytes - buffered) s.failShort();
  s.used += static_cast<double>(bytes);
}

void GzipReader::skip(std::size_t bytes) {
  std::array<unsigned char, 4096> ignored = {};
  while (bytes > 0) {
    const std::size_t piece = std::min(bytes, ignored.size());
    read(ignored.data(), piece);
    bytes -= piece;
  }
}

void GzipReader::finish() {
  auto& s = *state_;
  if (s.whole.bytes) return;  // checked, and no larger than wanted
  std::array<unsigned char, 4096> ignored = {};
  constexpr auto kMost = static_cast<double>(kMostTrailing);
  double past = s.packed ? 0 : left();
  while (s.packed && !s.ended && past <= kMost)
    past += static_cast<double>(s.unpack(ignored.data(), ignored.size()));
  if (past > kMost)
    throw core::InputError(s.where, "holds far more data than its header says; one of them is damaged",
                           "copy or convert the file again");
}

double GzipReader::left() const {
  const auto& s = *state_;
  return s.packed ? s.file_bytes * kLargestGzipRatio : s.file_bytes - s.used;
}

}  // namespace rind::datasets
