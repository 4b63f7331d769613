#include "rind/core/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "rind/core/atomic_file.h"

namespace rind::core {

void AppendFile::open(const std::filesystem::path& path) {
  close();
  path_ = path;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) throwCannotWrite(path_, errno);
}

void AppendFile::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

void AppendFile::append(std::string_view bytes) {
  const off_t size = ::lseek(file_, 0, SEEK_END);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = ::write(file_, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int error = written < 0 ? errno : ENOSPC;
      if (::ftruncate(file_, size) != 0) close();
      throwCannotWrite(path_, error);
    }
    done += static_cast<std::size_t>(written);
  }
}

}  // namespace rind::core
