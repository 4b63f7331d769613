#pragma once

#include <sys/wait.h>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "rind/test_support/temporary_folder.h"

namespace rind::app::testing {

struct ProgramResult {
  int status = -1;
  std::string output;  // standard output
  std::string errors;  // standard error

  /// The last line of standard output.
  std::string lastLine() const {
    const std::string text = output.substr(0, output.find_last_not_of('\n') + 1);
    const auto line_end = text.rfind('\n');
    return line_end == std::string::npos ? text : text.substr(line_end + 1);
  }
};

/// Runs the built `rind` with arguments that hold no single quote; `before` is a command that runs it
/// (timeout).
inline ProgramResult runRind(const std::vector<std::string>& arguments, const std::string& before = "") {
  const test_support::TemporaryFolder folder;
  const std::filesystem::path errors = folder / "errors.txt";
  std::string command = before + " '" RIND_PROGRAM "'";
  for (const std::string& argument : arguments) command += " '" + argument + "'";
  command += " 2> '" + errors.string() + "'";
  ProgramResult result;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> buffer{};
  for (std::size_t count; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    result.output.append(buffer.data(), count);
  const int status = ::pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  std::ifstream text(errors);
  result.errors.assign(std::istreambuf_iterator<char>(text), {});
  return result;
}

}  // namespace rind::app::testing
