#include "rind/datasets/gzip_writer.h"

#include <zlib.h>

#include <algorithm>
#include <vector>

namespace rind::datasets {
namespace {

constexpr std::size_t kBuffer = 1 << 18;

}  // namespace

struct GzipWriter::State {
  std::ostream& out;
  z_stream stream = {};
  std::vector<unsigned char> buffer = std::vector<unsigned char>(kBuffer);

  void push(int flush) {
    int status = Z_OK;
    do {
      stream.next_out = buffer.data();
      stream.avail_out = static_cast<uInt>(buffer.size());
      status = deflate(&stream, flush);
      out.write(reinterpret_cast<const char*>(buffer.data()),
                static_cast<std::streamsize>(buffer.size() - stream.avail_out));
    } while (stream.avail_out == 0 || (flush == Z_FINISH && status == Z_OK));
  }
};

GzipWriter::GzipWriter(std::ostream& out) : state_(new State{out}) {
  constexpr int kLevel = 4;  // label maps shrink hundredfold at any level
  deflateInit2(&state_->stream, kLevel, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

GzipWriter::~GzipWriter() {
  deflateEnd(&state_->stream);
}

void GzipWriter::write(const void* data, std::size_t bytes) {
  const auto* at = static_cast<const unsigned char*>(data);
  while (bytes > 0) {
    const std::size_t piece = std::min<std::size_t>(bytes, 1U << 30);
    state_->stream.next_in = const_cast<unsigned char*>(at);  // zlib reads only
    state_->stream.avail_in = static_cast<uInt>(piece);
    state_->push(Z_NO_FLUSH);
    at += piece;
    bytes -= piece;
  }
}

void GzipWriter::finish() {
  state_->stream.avail_in = 0;
  state_->push(Z_FINISH);
}

}  // namespace rind::datasets
