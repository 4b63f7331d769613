#pragma once

namespace rind::datasets {

/// While one lives, nothing that the process writes to standard error is seen: the codecs inside ITK write
/// there whatever they are told.
class QuietStandardError {
 public:
  QuietStandardError();
  ~QuietStandardError();
  QuietStandardError(const QuietStandardError&) = delete;
  QuietStandardError& operator=(const QuietStandardError&) = delete;
};

}  // namespace rind::datasets
