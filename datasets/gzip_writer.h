#pragma once

#include <cstddef>
#include <memory>
#include <ostream>

namespace rind::datasets {

/// Appends gzip to a stream piece by piece; the same bytes for the same pieces.
class GzipWriter {
 public:
  explicit GzipWriter(std::ostream& out);
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  void write(const void* data, std::size_t bytes);
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rind::datasets
