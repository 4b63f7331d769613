#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "rind/messages/events.h"

namespace rind::training {

/// Writes a run's files on a thread of its own, in the order given, so that training waits for copies only.
/// What a full disk does not take is tried again every half second. A job that fails otherwise is dropped,
/// and throwFailure says so.
class FileWriter {
 public:
  struct Job {
    std::function<void()> write;
    /// Happens when it is written.
    messages::Event written;
    /// Goes with that event to who watches, made in the asker's thread.
    std::function<std::string()> payload;
    /// Where it still waits when the next such job comes, that one takes its place.
    bool replaceable = false;
  };

  FileWriter();
  ~FileWriter() { close(); }
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void add(Job job);
  /// What has been written since it was last asked.
  std::vector<std::pair<messages::Event, std::function<std::string()>>> takeWritten();
  /// Jobs that wait or are being written.
  std::size_t waiting() const;
  /// Empty, or why the disk did not take the job at hand at its last try.
  std::string trouble() const;
  /// Throws what a job failed with since it was last asked; the first, where several did.
  void throwFailure();

  /// Waits until all is written, calling `look` about ten times a second. False where `look` says to give up.
  bool finish(const std::function<bool()>& look);
  /// Ends what is being written and drops what waits; nothing is written from then on.
  void close();

 private:
  void work();
  void writeFirst(std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::vector<std::pair<messages::Event, std::function<std::string()>>> written_;
  std::string trouble_;
  std::exception_ptr failure_;
  bool busy_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace rind::training
