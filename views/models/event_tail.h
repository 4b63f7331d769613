#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "rind/messages/events.h"

namespace rind::models {

/// How far an events.jsonl has been read. Only whole lines are taken: a last one without its newline is being
/// written, or was when the trainer was killed; it is looked at again.
class EventTail {
 public:
  EventTail() = default;
  explicit EventTail(std::filesystem::path file) : file_(std::move(file)) {}

  struct News {
    /// The file is another one than before, or shorter: these are all of its events.
    bool anew = false;
    std::vector<messages::Event> events;
    /// Damaged or unknown, and left out.
    std::size_t broken_lines = 0;
  };
  /// What came since; nothing where the file cannot be read.
  News read();

 private:
  bool isAnother(int file, std::uint64_t inode, std::uint64_t bytes) const;
  void take(const std::string& lines, News& news);

  std::filesystem::path file_;
  std::uint64_t inode_ = 0;  // 0: not read yet
  std::uint64_t read_ = 0;   // bytes, up to the end of a line
  std::string last_line_;    // that was read
};

}  // namespace rind::models
