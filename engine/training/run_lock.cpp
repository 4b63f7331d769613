#include "rind/training/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/host.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNoteBytes = 240;
constexpr const char* kProcess = ", process ";

std::string hostAndProcess() {
  return core::hostName() + kProcess + std::to_string(::getpid()) + "\n";
}

/// As long as the place for it; of a long one the end, which has the reason and what to do.
std::string asNote(std::string why) {
  if (why.size() > kNoteBytes) {
    why.erase(0, why.size() - kNoteBytes);
    while (!why.empty() && (static_cast<unsigned char>(why.front()) & 0xC0U) == 0x80U) why.erase(0, 1);
  }
  std::replace(why.begin(), why.end(), '\n', ' ');
  why.resize(kNoteBytes, ' ');
  return why + "\n";
}

core::InputError notLocked(const fs::path& folder, int error) {
  if (error == EWOULDBLOCK) {
    const std::string owner = core::readFile(folder / "lock");
    return {folder.string(), "is being trained by " + owner.substr(0, owner.find('\n')),
            "stop that one first, or choose another --out"};
  }
  return {folder.string(),
          std::string("its file system cannot lock files (") + std::strerror(error) +
              "), so a second trainer would not be noticed",
          "choose an --out on another disk"};
}

}  // namespace

RunLock::RunLock(const fs::path& folder) {
  const fs::path path = folder / "lock";
  std::error_code ignored;
  const bool was_there = fs::exists(path, ignored);
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0)
    throw core::InputError(folder.string(), "cannot be locked", "check that you may write there");
  const std::string owner = hostAndProcess() + asNote({});
  int error = ::flock(file_, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
  const bool held = error == 0;
  if (held && (::ftruncate(file_, 0) != 0 || ::write(file_, owner.data(), owner.size()) < 0)) error = errno;
  if (error == 0) return;
  ::close(file_);
  if (!was_there && error != EWOULDBLOCK) fs::remove(path, ignored);
  if (held) core::throwCannotWrite(path, error);
  throw notLocked(folder, error);
}

RunLock::~RunLock() {
  ::close(file_);
}

void RunLock::note(const std::string& why) {
  const std::string text = asNote(why);
  static_cast<void>(::pwrite(file_, text.data(), text.size(), static_cast<off_t>(hostAndProcess().size())));
}

bool RunLock::isOne(const fs::path& file) {
  std::error_code status;
  if (!fs::is_regular_file(file, status)) return false;
  const std::string content = core::readFile(file);
  return content.empty() || content.substr(0, content.find('\n')).find(kProcess) != std::string::npos;
}

}  // namespace rind::training
