#include "rind/models/event_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rind::models {
namespace {

using nlohmann::json;

/// As many of the bytes from `from` as there are.
std::string bytesOf(int file, std::uint64_t from, std::uint64_t count) {
  std::string bytes(count, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got = ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(from + done));
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace

EventTail::News EventTail::read() {
  News news;
  const int file = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return news;
  struct stat status = {};
  if (::fstat(file, &status) == 0) {
    const auto bytes = static_cast<std::uint64_t>(status.st_size);
    news.anew = isAnother(file, status.st_ino, bytes);
    if (news.anew) {
      read_ = 0;
      last_line_.clear();
    }
    inode_ = status.st_ino;
    if (bytes > read_) take(bytesOf(file, read_, bytes - read_), news);
  }
  ::close(file);
  return news;
}

// One that is written over in place may be longer again by now.
bool EventTail::isAnother(int file, std::uint64_t inode, std::uint64_t bytes) const {
  if (inode_ == 0) return false;
  return inode != inode_ || bytes < read_ ||
         bytesOf(file, read_ - last_line_.size(), last_line_.size()) != last_line_;
}

void EventTail::take(const std::string& lines, News& news) {
  std::size_t last = 0;
  std::size_t begin = 0;
  for (auto end = lines.find('\n'); end != std::string::npos; end = lines.find('\n', begin)) {
    last = begin;
    begin = end + 1;
    const auto body = json::parse(lines.data() + last, lines.data() + end, nullptr, false);
    auto event = body.is_discarded() ? std::nullopt : messages::parseEvent(body);
    if (event)
      news.events.push_back(std::move(*event));
    else
      ++news.broken_lines;
  }
  if (begin == 0) return;
  last_line_ = lines.substr(last, begin - last);
  read_ += begin;
}

}  // namespace rind::models
