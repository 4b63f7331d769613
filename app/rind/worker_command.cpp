#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <memory>

#include "commands.h"
#include "open_data.h"
#include "rind/core/error.h"
#include "rind/exporting/export_formats.h"
#include "rind/worker/worker.h"

namespace rind::app {
namespace {

std::atomic<int> nothing_to_read{-1};
std::atomic<pthread_t> reader{};

/// As if the input had ended: a training is saved. The reader may wait in another thread than the signal's.
void endInput(int number) {
  const int kept = errno;
  ::dup2(nothing_to_read, STDIN_FILENO);
  if (::pthread_equal(::pthread_self(), reader) == 0) ::pthread_kill(reader, number);
  errno = kept;
}

void endInputOnSignal() {
  nothing_to_read = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  reader = ::pthread_self();
  struct sigaction action = {};
  action.sa_handler = endInput;  // without SA_RESTART: a read that waits returns
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGHUP, &action, nullptr);
}

void run(const std::string& log_file) {
  worker::WorkerSetup setup;
  // What libraries print must not get among the messages: the protocol keeps the real standard output to
  // itself.
  setup.output = ::dup(STDOUT_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGINT, SIG_IGN);  // Ctrl-C in the desktop's terminal is the desktop's affair
  endInputOnSignal();
  std::ofstream log;
  if (!log_file.empty()) {
    log.open(log_file, std::ios::app);
    if (!log) throw core::InputError(log_file, "cannot be written", "give another --log");
    setup.log = &log;
  }
  setup.open = dataOpener();
  setup.open_case = caseOpener();
  setup.export_model = [](const std::filesystem::path& run_folder, const std::string& format,
                          const std::filesystem::path& target) {
    return exporting::exportRun(run_folder, format, target);
  };
  worker::serve(setup);
}

}  // namespace

void addWorkerCommand(CLI::App& app) {
  auto log_file = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("worker", "Serve a desktop over standard input and output");
  command->add_option("--log", *log_file, "append what happens to this file");
  command->callback([log_file] { run(*log_file); });
}

}  // namespace rind::app
