#include "rind/datasets/quiet_standard_error.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>

namespace rind::datasets {
namespace {

/// Several threads may read at once: the first turns it off, the last on again.
struct Switch {
  std::mutex mutex;
  int users = 0;
  int kept = -1;
};

Switch& shared() {
  static Switch one;
  return one;
}

}  // namespace

QuietStandardError::QuietStandardError() {
  Switch& s = shared();
  const std::lock_guard lock(s.mutex);
  if (s.users++ > 0) return;
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  s.kept = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (nowhere >= 0 && s.kept >= 0) ::dup2(nowhere, STDERR_FILENO);
  if (nowhere >= 0) ::close(nowhere);
}

QuietStandardError::~QuietStandardError() {
  Switch& s = shared();
  const std::lock_guard lock(s.mutex);
  if (--s.users > 0 || s.kept < 0) return;
  ::dup2(s.kept, STDERR_FILENO);
  ::close(s.kept);
  s.kept = -1;
}

void writeToStandardError(std::string_view text) {
  Switch& s = shared();
  const std::lock_guard lock(s.mutex);
  const int file = s.users > 0 && s.kept >= 0 ? s.kept : STDERR_FILENO;
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody listens
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace rind::datasets
