#include "watcher.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

namespace rind::soak {
namespace {

constexpr double kGivenUp = 120;  // seconds
constexpr int kLook = 20;         // ms

/// What a thread has had, in seconds.
struct Times {
  double ran = 0;
  double waited = 0;  // for a processor
};

Times timesOf(const std::filesystem::path& thread) {
  Times times;
  std::ifstream(thread / "schedstat") >> times.ran >> times.waited;  // ns
  return {times.ran / 1e9, times.waited / 1e9};
}

/// How long a process has stood still by its own fault: while its first thread ran or slept, but not while it
/// waited for a processor, nor while it slept and another thread, which it may have slept for, waited for
/// one.
class OwnTime {
 public:
  explicit OwnTime(pid_t process)
      : threads_("/proc/" + std::to_string(process) + "/task"), first_(threads_ / std::to_string(process)) {}

  void begin() {
    begun_ = std::chrono::steady_clock::now();
    first_at_begin_ = timesOf(first_);
    others_at_begin_ = waitedByOthers();
  }

  double seconds() const {
    const std::chrono::duration<double> all = std::chrono::steady_clock::now() - begun_;
    const Times now = timesOf(first_);
    const double ran = now.ran - first_at_begin_.ran;
    const double slept = all.count() - ran - (now.waited - first_at_begin_.waited);
    double starved = 0;
    for (const auto& [thread, waited] : waitedByOthers()) {
      const auto before = others_at_begin_.find(thread);
      starved = std::max(starved, waited - (before == others_at_begin_.end() ? 0 : before->second));
    }
    return ran + std::max(0.0, slept - starved);
  }

 private:
  std::map<std::string, double> waitedByOthers() const {
    std::map<std::string, double> waited;
    std::error_code ignored;  // threads end while they are looked at
    for (const auto& thread : std::filesystem::directory_iterator(threads_, ignored))
      if (thread.path() != first_) waited[thread.path().filename()] = timesOf(thread.path()).waited;
    return waited;
  }

  std::filesystem::path threads_;
  std::filesystem::path first_;
  std::chrono::steady_clock::time_point begun_;
  Times first_at_begin_;
  std::map<std::string, double> others_at_begin_;
};

void sayWhatWasBefore(const Doing& doing) {
  std::cout << "  actions, the newest first:";
  const std::uint64_t count = doing.count;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, Doing::kRemembered); ++i)
    std::cout << (i ? ", " : " ") << nameOf(doing.recent[(count - 1 - i) % Doing::kRemembered]);
  std::cout << std::endl;
}

class Watch {
 public:
  Watch(pid_t window, int errors, const Doing& doing, double longest)
      : window_(window), errors_(errors), doing_(doing), longest_(longest), own_time_(window) {
    ::fcntl(errors_, F_SETFL, O_NONBLOCK);
  }

  void look() {
    readErrors();
    const std::uint64_t beats = doing_.beats;
    if (beats != beats_) {
      if (frozen_ > longest_) sayFrozen();
      beats_ = beats;
      still_ = false;
      frozen_ = 0;
      return;
    }
    if (!still_) own_time_.begin();
    still_ = true;
    frozen_ = own_time_.seconds();
    if (frozen_ < kGivenUp || gave_up_) return;
    gave_up_ = true;
    sayFrozen();
    std::cout << "soak: it is aborted" << std::endl;
    ::kill(window_, SIGABRT);
  }

  void readErrors() {
    char text[4096];
    for (ssize_t got = 0; (got = ::read(errors_, text, sizeof(text))) > 0;) {
      for (const char c : std::string(text, static_cast<std::size_t>(got))) {
        line_ += c;
        if (c == '\n') sayLine();
      }
    }
  }

  int wrong() const { return wrong_; }

 private:
  void sayFrozen() {
    ++wrong_;
    std::cout << "soak: the event loop stood still for " << frozen_ << " s" << std::endl;
    sayWhatWasBefore(doing_);
  }

  void sayLine() {
    ++wrong_;
    std::cout << "soak: on standard error: " << line_ << std::flush;
    if (doing_.count != said_) sayWhatWasBefore(doing_);
    said_ = doing_.count;
    line_.clear();
  }

  pid_t window_;
  int errors_;
  const Doing& doing_;
  double longest_;
  OwnTime own_time_;
  std::uint64_t beats_ = 0;
  std::uint64_t said_ = 0;  // the action whose errors were last said to be its
  bool still_ = false;
  double frozen_ = 0;
  std::string line_;
  int wrong_ = 0;
  bool gave_up_ = false;
};

}  // namespace

int watch(pid_t window, int errors, const Doing& doing, double longest_freeze) {
  Watch watch(window, errors, doing, longest_freeze);
  int status = 0;
  pollfd news{errors, POLLIN, 0};
  while (::waitpid(window, &status, WNOHANG) == 0) {
    ::poll(&news, 1, kLook);
    if ((news.revents & POLLHUP) != 0) ::usleep(kLook * 1000);
    watch.look();
  }
  watch.readErrors();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return watch.wrong();
  if (WIFSIGNALED(status)) std::cout << "soak: the window ended by signal " << WTERMSIG(status) << std::endl;
  sayWhatWasBefore(doing);
  return watch.wrong() + 1;
}

}  // namespace rind::soak
