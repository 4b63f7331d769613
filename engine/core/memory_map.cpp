#include "rind/core/memory_map.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "rind/core/error.h"

namespace rind::core {

std::shared_ptr<const std::byte> mapFile(const std::filesystem::path& path, std::size_t bytes) {
  const auto fail = [&](const std::string& what) {
    return InputError(path.string(), what, "delete its folder and let Rind prepare the case again");
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw fail(std::string("cannot be read (") + std::strerror(errno) + ")");
  struct stat info = {};
  const bool whole =
      ::fstat(file, &info) == 0 && static_cast<std::size_t>(info.st_size) == bytes && bytes > 0;
  void* address = whole ? ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
  ::close(file);
  if (!whole) throw fail("does not have the size that its header says");
  if (address == MAP_FAILED) throw fail("cannot be mapped into memory");
  return {static_cast<const std::byte*>(address),
          [bytes](const std::byte* at) { ::munmap(const_cast<std::byte*>(at), bytes); }};
}

}  // namespace rind::core
