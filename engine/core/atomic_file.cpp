#include "rind/core/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "rind/core/error.h"

namespace rind::core {
namespace {

namespace fs = std::filesystem;

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
int flushToDisk(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const int error = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return error == ENOSPC || error == EDQUOT || error == EIO ? error : 0;
}

void flushTree(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) flushToDisk(entry.path());
  flushToDisk(folder);
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
  int error = flushToDisk(temporary);
  if (error == 0) {
    fs::rename(temporary, path, status);
    error = status.value();
  }
  if (error != 0) {
    fs::remove(temporary, status);
    throwCannotWrite(path, error);
  }
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

std::string readFile(const fs::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (file) content << file.rdbuf();
  if (!file || fs::is_directory(path))
    throw InputError(path.string(),
                     std::string("cannot be read (") + std::strerror(errno ? errno : EISDIR) + ")",
                     "check the name and that you may read it");
  return content.str();
}

}  // namespace rind::core
