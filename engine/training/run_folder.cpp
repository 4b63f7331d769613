#include "rind/training/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/host.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kNoteBytes = 240;

/// The lock's first line; the second has the note.
std::string hostAndProcess() {
  return core::hostName() + ", process " + std::to_string(::getpid()) + "\n";
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

/// The lock dies with its process, so it cannot go stale.
int takeLock(const fs::path& folder) {
  const fs::path path = folder / "lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) throw core::InputError(folder.string(), "cannot be locked", "check that you may write there");
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    const std::string owner = core::readFile(path);
    throw core::InputError(folder.string(), "is being trained by " + owner.substr(0, owner.find('\n')),
                           "stop that one first, or choose another --out");
  }
  const std::string owner = hostAndProcess() + asNote({});
  if (::ftruncate(file, 0) != 0 || ::write(file, owner.data(), owner.size()) < 0) {
    ::close(file);
    throw core::InputError(folder.string(), "cannot be written", "make room on the disk");
  }
  return file;
}

}  // namespace

RunFolder::RunFolder(fs::path folder, bool resume) : folder_(std::move(folder)) {
  const bool holds_run = fs::exists(folder_ / "run.json");
  if (holds_run && !resume)
    throw core::InputError(folder_.string(), "already holds a run",
                           "add --resume to go on with it, or choose another --out");
  if (!holds_run && resume)
    throw core::InputError(folder_.string(), "holds no run to resume",
                           "check the folder, or leave --resume out");
  core::requireWritableFolder(folder_);
  lock_ = takeLock(folder_);
  if (!resume) {  // of a run that was cut off before it had a run.json
    std::error_code ignored;
    for (const char* name : {"last", "previous", "fresh", "epoch", "damaged"})
      fs::remove(folder_ / "checkpoints" / (std::string(name) + ".checkpoint"), ignored);
  }
  fs::create_directories(folder_ / "checkpoints");
  fs::create_directories(folder_ / "previews");
}

RunFolder::~RunFolder() {
  if (lock_ < 0) return;
  std::error_code ignored;
  if (!fs::exists(folder_ / "run.json")) {  // nothing came of it: leave no trace
    for (const char* name : {"checkpoints", "previews", "split.json", "lock"})
      fs::remove_all(folder_ / name, ignored);
    fs::remove(folder_, ignored);  // only where it is empty
  }
  ::close(lock_);
}

void RunFolder::writeDescription(const json& description) {
  core::writeFileWhole(folder_ / "run.json", description.dump(1) + "\n");
}

json RunFolder::readDescription(const fs::path& folder) {
  const fs::path file = folder / "run.json";
  json description = json::parse(core::readFile(file), nullptr, false);
  if (!description.is_object() || !description.contains("config"))
    throw core::InputError(file.string(), "is damaged", "take it from a copy of the run, or start a new one");
  return description;
}

void RunFolder::append(const messages::Event& event) {
  if (!events_.isOpen()) events_.open(folder_ / "events.jsonl");
  events_.append(messages::toJson(event).dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

void RunFolder::note(const std::string& why) {
  const std::string text = asNote(why);
  static_cast<void>(::pwrite(lock_, text.data(), text.size(), static_cast<off_t>(hostAndProcess().size())));
}

RunFolder::History RunFolder::eventsUntil(std::int64_t step, std::int64_t epoch) const {
  const fs::path file = folder_ / "events.jsonl";
  History history;
  if (!fs::exists(file)) return history;
  std::istringstream lines(core::readFile(file));
  for (std::string line; std::getline(lines, line);) {
    const auto event = messages::parseEvent(json::parse(line, nullptr, false));
    if (!event || messages::momentOf(*event).step > step) continue;
    // An end is undone by going on.
    if (std::holds_alternative<messages::Ended>(*event)) continue;
    const auto* scores = std::get_if<messages::Epoch>(&*event);
    const bool of_epoch = scores || std::holds_alternative<messages::Preview>(*event);
    if (of_epoch && messages::momentOf(*event).epoch >= epoch) continue;
    if (scores && scores->best) history.best = *scores;
    if (const auto* parameters = std::get_if<messages::Parameters>(&*event))
      history.changes.push_back(parameters->changes);
    history.lines += line + "\n";
  }
  return history;
}

void RunFolder::keepEvents(const History& history) {
  events_.close();
  core::writeFileWhole(folder_ / "events.jsonl", history.lines);
}

}  // namespace rind::training
