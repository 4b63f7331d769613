#pragma once

#include <condition_variable>
#include <mutex>

#include "rind/datasets/data_set.h"

namespace rind::datasets {

/// About the most bytes that a volume file takes while it is read and prepared, by what its header says.
/// Nothing for a file that cannot be read.
double memoryToRead(const std::filesystem::path& volume);
/// The same for a case: images and labels, on their own grid or on one of `spacing`.
double memoryToRead(const DataSet& data, const CaseFiles& files,
                    const std::optional<core::Spacing>& spacing = {});

/// Lets threads in as long as what they need together fits; one alone always.
class MemoryGate {
 public:
  /// By default most of the memory that is left now.
  MemoryGate();
  explicit MemoryGate(double bytes) : bytes_(bytes) {}

  /// Inside until it goes.
  class Pass {
   public:
    Pass(MemoryGate& gate, double bytes) : gate_(gate), bytes_(bytes) { gate_.enter(bytes_); }
    ~Pass() { gate_.leave(bytes_); }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    MemoryGate& gate_;
    double bytes_;
  };

 private:
  void enter(double bytes);
  void leave(double bytes);

  const double bytes_;
  std::mutex mutex_;
  std::condition_variable left_;
  double used_ = 0;
  int inside_ = 0;
};

}  // namespace rind::datasets
