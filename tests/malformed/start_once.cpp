// Loaded before a program (LD_PRELOAD), starts it once and has a copy of it do each task, as if started for
// it: loading LibTorch takes most of a short run. run_inputs.py is the other side.
//
// The socket RIND_START_ONCE brings a task as a packet "USER\0BYTES\0SECONDS\0ARGUMENT\0…" (a user's number,
// the most address space, the most processor time; -1 leaves them as they are) with three files: standard
// output, standard error, and a socket for two answers of two numbers: the copy's process and 0; at its end
// its status as wait4 has it and the most KiB it held.
#include <dlfcn.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace {

using Main = int (*)(int, char**, char**);

Main program = nullptr;

struct Task {
  std::vector<std::string> words;  // user, bytes, seconds, then the arguments
  int output = -1, errors = -1, reply = -1;
};

std::vector<std::string> split(const std::string& packet) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < packet.size(); at += words.back().size() + 1)
    words.emplace_back(packet.c_str() + at);
  return words;
}

/// Nothing where there are no more.
std::optional<Task> receive(int socket) {
  std::string packet(1 << 16, '\0');
  std::array<int, 3> files{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof files)> control{};
  iovec part{packet.data(), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(socket, &message, 0);
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (size <= 0 || header == nullptr) return {};
  std::memcpy(files.data(), CMSG_DATA(header), sizeof files);
  packet.resize(static_cast<std::size_t>(size));
  return Task{split(packet), files[0], files[1], files[2]};
}

void limit(__rlimit_resource resource, long most) {
  if (most < 0) return;
  const rlimit both{static_cast<rlim_t>(most), static_cast<rlim_t>(most)};
  ::setrlimit(resource, &both);
}

void become(int user) {
  if (user < 0) return;
  const auto number = static_cast<uid_t>(user);
  if (::setgroups(0, nullptr) != 0 || ::setgid(number) != 0 || ::setuid(number) != 0) ::_exit(126);
}

int carryOut(const Task& task, char** environment) {
  ::dup2(task.output, STDOUT_FILENO);
  ::dup2(task.errors, STDERR_FILENO);
  for (const int file : {task.output, task.errors, task.reply}) ::close(file);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_AS, std::stol(task.words[1]));
  limit(RLIMIT_CPU, std::stol(task.words[2]));
  become(std::stoi(task.words[0]));
  static std::vector<std::string> words(task.words.begin() + 3, task.words.end());
  static std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  return program(static_cast<int>(words.size()), arguments.data(), environment);
}

void say(int socket, long first, long second) {
  const std::array<long, 2> both{first, second};
  static_cast<void>(::send(socket, both.data(), sizeof both, MSG_NOSIGNAL));
}

void waitFor(pid_t copy, int reply) {
  say(reply, copy, 0);
  int status = 0;
  rusage used{};
  ::wait4(copy, &status, 0, &used);
  say(reply, status, used.ru_maxrss);
}

int serve(int count, char** arguments, char** environment) {
  const char* const number = std::getenv("RIND_START_ONCE");
  if (number == nullptr) return program(count, arguments, environment);
  const int socket = std::atoi(number);
  ::unsetenv("RIND_START_ONCE");
  ::unsetenv("LD_PRELOAD");
  std::signal(SIGCHLD, SIG_IGN);  // those who wait for the copies are waited for by nobody
  while (const auto task = receive(socket)) {
    if (::fork() == 0) {
      ::close(socket);
      std::signal(SIGCHLD, SIG_DFL);
      const pid_t copy = ::fork();
      if (copy == 0) return carryOut(*task, environment);
      waitFor(copy, task->reply);
      ::_exit(0);
    }
    for (const int file : {task->output, task->errors, task->reply}) ::close(file);
  }
  ::_exit(0);
}

}  // namespace

extern "C" int __libc_start_main(Main main, int count, char** arguments, void (*first)(), void (*last)(),
                                 void (*end)(), void* stack) {
  program = main;
  const auto start = reinterpret_cast<decltype(&__libc_start_main)>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  return start(serve, count, arguments, first, last, end, stack);
}
