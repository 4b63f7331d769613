#include "rind/models/give_way.h"

#ifdef __linux__
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#elif defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace rind::models {

#ifdef __linux__

namespace {

/// As sched_setattr(2) has it; the C library does not name it.
struct Scheduling {
  std::uint32_t size = sizeof(Scheduling);
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  // nanoseconds at a time (Linux 6.12); 0: as usual
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};

constexpr int kBackground = 2;
constexpr int kEngine = 5;
constexpr int kLast = 10;
constexpr std::uint64_t kShort = 200'000;

void schedule(pid_t thread, const Scheduling& wanted) {
  static_cast<void>(::syscall(SYS_sched_setattr, thread, &wanted, 0U));
}

// The process itself may have been started with less than others.
int niceness() {
  return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid()));
}

// A thread of a batch does not take the processor from another when it wakes up.
Scheduling batch(int behind) {
  Scheduling wanted;
  wanted.policy = SCHED_BATCH;
  wanted.nice = niceness() + behind;
  return wanted;
}

}  // namespace

void goFirst() {
  Scheduling wanted;
  wanted.nice = niceness();
  wanted.runtime = kShort;
  schedule(0, wanted);
}

void giveWay() {
  thread_local bool done = false;
  if (!done) schedule(0, batch(kBackground));
  done = true;
}

void giveWayLast() {
  schedule(0, batch(kLast));
}

void letDriverGiveWay() {
  std::error_code ignored;  // threads end while they are looked at
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
    std::string name;
    std::ifstream(thread.path() / "comm") >> name;
    if (name.starts_with("llvmpipe")) schedule(std::stoi(thread.path().filename()), batch(kBackground));
  }
}

void giveWayToAll() {
  schedule(0, batch(kEngine));
}

void giveWayToAllLast() {
  schedule(0, batch(kLast));
}

#else

void goFirst() {}
void giveWay() {}
void giveWayLast() {}
void letDriverGiveWay() {}

void giveWayToAll() {
#if defined(__unix__) || defined(__APPLE__)
  static_cast<void>(::nice(5));
#endif
}

void giveWayToAllLast() {
#if defined(__unix__) || defined(__APPLE__)
  static_cast<void>(::nice(10));
#endif
}

#endif

}  // namespace rind::models
