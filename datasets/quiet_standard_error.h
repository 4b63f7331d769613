#pragma once

#include <string_view>

namespace rind::datasets {

/// While one lives, nothing that the process writes to standard error is seen: the codecs inside ITK write
/// there whatever they are told. What has to be seen goes through writeToStandardError.
class QuietStandardError {
 public:
  QuietStandardError();
  ~QuietStandardError();
  QuietStandardError(const QuietStandardError&) = delete;
  QuietStandardError& operator=(const QuietStandardError&) = delete;
};

/// Writes `text` to standard error, also while that is quiet: for what Rind itself has to say while another
/// thread reads.
void writeToStandardError(std::string_view text);

}  // namespace rind::datasets
