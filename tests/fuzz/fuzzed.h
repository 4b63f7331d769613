#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "rind/core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace rind::fuzz {

/// Ends the process, as a crash would, where a property does not hold.
inline void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %s\n", what.c_str());
  std::abort();
}

/// A file of this process, filled anew for each input.
class File {
 public:
  explicit File(const std::string& name)
      : folder_(std::filesystem::temp_directory_path() / ("rind-fuzz-" + std::to_string(::getpid()))),
        path_(folder_ / name) {
    std::filesystem::create_directories(folder_);
  }
  ~File() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& folder() const { return folder_; }

  void fill(const std::uint8_t* data, std::size_t size) const {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

/// Either `read` works, or it says in one line what is wrong with the file.
template <class Read>
void readOrRefuse(const File& file, Read read) {
  try {
    read();
  } catch (const core::InputError& error) {
    const std::string text = error.what();
    require(text.find('\n') == std::string::npos, "the error is one line: " + text);
    require(text.find(file.path().filename().string()) != std::string::npos, "it names the file: " + text);
    require(!error.problem().empty() && !error.remedy().empty(), "it says what is wrong and what to do");
  }
}

}  // namespace rind::fuzz
