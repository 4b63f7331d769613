#include "rind/core/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "rind/core/error.h"

namespace rind::core {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 65536;

fs::path temporaryBeside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  const std::string name = path.filename().string();
  // The extension stays last: writers choose the format by it.
  const auto dot = name.find('.', 1);
  const std::string stem = name.substr(0, dot);
  const std::string extension = dot == std::string::npos ? "" : name.substr(dot);
  return path.parent_path() /
         ("." + stem + ".part-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + extension);
}

/// 0, or the error: some file systems notice a full disk only now.
int flushed(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const int error = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return error == ENOSPC || error == EDQUOT || error == EIO ? error : 0;
}

void flushTree(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) flushed(entry.path());
  flushed(folder);
}

/// A new name lasts from then on.
void flushFolderOf(const fs::path& path) {
  flushed(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

/// Gives `made` the name `path`; what had that name comes to be called `made`. One step where the file system
/// can exchange names, else two.
void takePlace(const fs::path& made, const fs::path& path) {
  std::error_code status;
  fs::rename(made, path, status);
  if (!status) return;
  if (status != std::errc::directory_not_empty && status != std::errc::file_exists)
    throw fs::filesystem_error("rename", made, path, status);
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) return;
  const fs::path aside = temporaryBeside(path);
  fs::rename(path, aside);
  fs::rename(made, path, status);
  if (status) {
    fs::rename(aside, path);
    throw fs::filesystem_error("rename", made, path, status);
  }
  fs::rename(aside, made);
}

/// 0, or the error.
int readAll(int file, std::string& content) {
  struct stat about = {};
  const bool known = ::fstat(file, &about) == 0 && about.st_size > 0;
  content.resize(known ? static_cast<std::size_t>(about.st_size) + 1 : kPieceBytes);
  std::size_t size = 0;
  while (true) {
    const ssize_t got = ::read(file, content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size == content.size()) content.resize(2 * size);
  }
  content.resize(size);
  return 0;
}

}  // namespace

void throwCannotWrite(const fs::path& path, int error) {
  const std::string why = std::string("cannot be written (") + std::strerror(error) + ")";
  if (error == ENOSPC || error == EDQUOT)
    throw DiskFull(path.string(), why, "make room on the disk and try again");
  throw InputError(path.string(), why, "check that the folder exists and that you may write there");
}

void writeFolderWhole(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  // "a/b/" has no name of its own.
  const fs::path target = path.has_filename() ? path : path.parent_path();
  const fs::path temporary = temporaryBeside(target);
  std::error_code status;
  if (fs::exists(target, status) && !fs::is_directory(target, status)) throwCannotWrite(target, ENOTDIR);
  fs::create_directory(temporary, status);
  if (status) throwCannotWrite(target, status.value());
  try {
    write(temporary);
    flushTree(temporary);
    takePlace(temporary, target);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(temporary, status);
    throwCannotWrite(target, error.code().value());
  } catch (...) {
    fs::remove_all(temporary, status);
    throw;
  }
  flushFolderOf(target);
  fs::remove_all(temporary, status);  // the folder that was there before
}

void writeNamedFileWhole(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  const fs::path temporary = temporaryBeside(path);
  std::error_code status;
  try {
    write(temporary);
  } catch (...) {
    fs::remove(temporary, status);
    throw;
  }
  int error = flushed(temporary);
  if (error == 0) {
    fs::rename(temporary, path, status);
    error = status.value();
  }
  if (error != 0) {
    fs::remove(temporary, status);
    throwCannotWrite(path, error);
  }
  flushFolderOf(path);
}

void writeFileWhole(const fs::path& path, const std::function<void(std::ostream&)>& write) {
  writeNamedFileWhole(path, [&](const fs::path& temporary) {
    errno = 0;
    std::ofstream file(temporary, std::ios::binary);
    if (!file) throwCannotWrite(path, errno);
    write(file);
    file.close();
    if (!file) throwCannotWrite(path, errno ? errno : ENOSPC);
  });
}

void writeFileWhole(const fs::path& path, std::string_view content) {
  writeFileWhole(path, [&](std::ostream& file) {
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
  });
}

void requireWritableFolder(const fs::path& folder) {
  std::error_code status;
  fs::create_directories(folder, status);
  if (status) throwCannotWrite(folder, status.value());
  const fs::path probe = temporaryBeside(folder / "probe");
  errno = 0;
  const bool made = std::ofstream(probe).good();
  const int error = errno;
  fs::remove(probe, status);
  if (!made) throwCannotWrite(folder, error);
}

void flushToDisk(const fs::path& path) {
  if (const int error = flushed(path); error != 0) throwCannotWrite(path, error);
}

std::string readFile(const fs::path& path) {
  std::string content;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int error = file < 0 ? errno : readAll(file, content);
  if (file >= 0) ::close(file);
  if (error != 0)
    throw InputError(path.string(), std::string("cannot be read (") + std::strerror(error) + ")",
                     "check the name and that you may read it");
  return content;
}

}  // namespace rind::core
