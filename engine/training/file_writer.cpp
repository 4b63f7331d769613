#include "rind/training/file_writer.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "rind/core/error.h"

namespace rind::training {
namespace {

constexpr auto kBetweenTries = std::chrono::milliseconds(500);
constexpr auto kBetweenLooks = std::chrono::milliseconds(100);

/// What a full disk says to `write`; empty where it took all.
std::string refusalOf(const std::function<void()>& write) {
  try {
    write();
    return {};
  } catch (const core::DiskFull& error) {
    return error.what();
  } catch (const std::system_error& error) {
    const bool is_full = error.code() == std::errc::no_space_on_device || error.code().value() == EDQUOT;
    if (!is_full) throw;
    return error.what();
  }
}

}  // namespace

FileWriter::FileWriter() : thread_([this] { work(); }) {}

void FileWriter::close() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void FileWriter::add(Job job) {
  {
    const std::lock_guard lock(mutex_);
    const bool last_waits = jobs_.size() > (busy_ ? 1U : 0U);
    if (job.replaceable && last_waits && jobs_.back().replaceable)
      jobs_.back() = std::move(job);
    else
      jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

std::vector<std::pair<messages::Event, std::function<std::string()>>> FileWriter::takeWritten() {
  const std::lock_guard lock(mutex_);
  return std::exchange(written_, {});
}

std::size_t FileWriter::waiting() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

std::string FileWriter::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void FileWriter::throwFailure() {
  std::exception_ptr failure;
  {
    const std::lock_guard lock(mutex_);
    failure = std::exchange(failure_, nullptr);
  }
  if (failure) std::rethrow_exception(failure);
}

bool FileWriter::finish(const std::function<bool()>& look) {
  std::unique_lock lock(mutex_);
  while (!jobs_.empty()) {
    changed_.wait_for(lock, kBetweenLooks, [this] { return jobs_.empty(); });
    lock.unlock();
    const bool go_on = look();
    lock.lock();
    if (!go_on) break;
  }
  return jobs_.empty();
}

/// The job stays the first of the queue until it is written.
void FileWriter::writeFirst(std::unique_lock<std::mutex>& lock) {
  busy_ = true;
  const auto write = jobs_.front().write;
  lock.unlock();
  std::string why;
  std::exception_ptr failure;
  try {
    why = refusalOf(write);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  busy_ = false;
  trouble_ = why;
  if (!why.empty()) {
    changed_.wait_for(lock, kBetweenTries, [this] { return stop_; });
    return;
  }
  if (failure && !failure_) failure_ = failure;
  if (!failure) written_.emplace_back(std::move(jobs_.front().written), std::move(jobs_.front().payload));
  jobs_.pop_front();
  changed_.notify_all();
}

void FileWriter::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (stop_) return;
    writeFirst(lock);
  }
}

}  // namespace rind::training
