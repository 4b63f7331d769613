#pragma once

#include <stdexcept>
#include <string>

namespace rind::core {

/// Input or usage that a person can mend. Shown once, at the top, as `WHERE: what is wrong; what to do`.
/// Exit status 2 on the command line, an `error` reply from the worker, a message beside the field in the
/// desktop.
class InputError : public std::runtime_error {
 public:
  InputError(std::string where, std::string what, std::string remedy)
      : std::runtime_error(where + ": " + what + "; " + remedy),
        where_(std::move(where)),
        problem_(std::move(what)),
        remedy_(std::move(remedy)) {}

  /// The file, option or case that caused it.
  const std::string& where() const { return where_; }
  const std::string& problem() const { return problem_; }
  const std::string& remedy() const { return remedy_; }

 private:
  std::string where_;
  std::string problem_;
  std::string remedy_;
};

/// The disk is full: what was being written is as it was before, and can be written again when there is room.
class DiskFull : public InputError {
 public:
  using InputError::InputError;
};

/// Stopped on request, with everything saved. Exit status 3.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace rind::core
