#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>

#include "commands.h"
#include "rind/core/error.h"
#include "rind/core/version.h"

// jemalloc's settings (read by the library at start-up): keep freed memory, use huge pages.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf =
    "dirty_decay_ms:-1,muzzy_decay_ms:-1,oversize_threshold:0,thp:always,metadata_thp:always";
}

namespace {

constexpr int kFailed = 1;
constexpr int kWrongInput = 2;
constexpr int kInterrupted = 3;

int report(const std::string& what, int status) {
  std::cerr << "rind: error: " << what << "\n";
  return status;
}

/// Which word of the command line is wrong, and what to do.
std::string usageError(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const auto commands = app.get_subcommands();
  if (commands.empty() && argc > 1 && argv[1][0] != '-') {
    std::string names;
    for (const auto* command : app.get_subcommands({}))
      names += (names.empty() ? "" : ", ") + command->get_name();
    return std::string(argv[1]) + ": is not a command; use one of " + names;
  }
  const std::string help =
      commands.empty() ? "rind --help" : "rind " + commands.front()->get_name() + " --help";
  for (int i = 2; i < argc && !commands.empty(); ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    if (word.starts_with("--") && commands.front()->get_option_no_throw(word) == nullptr)
      return word + ": is not known here; see " + help;
  }
  return std::string("command line: ") + error.what() + "; see " + help;
}

int run(int argc, char** argv) {
  CLI::App app("Contour-weighted segmentation of medical images: train, predict, evaluate, export.", "rind");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("rind ") + rind::core::kVersion);
  rind::app::addTrainCommand(app);
  rind::app::addPredictCommand(app);
  rind::app::addEvaluateCommand(app);
  rind::app::addContourCommand(app);
  rind::app::addLossCommand(app);
  rind::app::addExportCommand(app);
  rind::app::addInspectCommand(app);
  rind::app::addWorkerCommand(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {  // --help, --version
    return app.exit(request);
  } catch (const CLI::ParseError& error) {
    return report(usageError(app, error, argc, argv), kWrongInput);
  }
  return 0;
}

int statusOf(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const rind::core::InputError& error) {
    return report(error.what(), kWrongInput);
  } catch (const rind::core::Interrupted& error) {
    std::cerr << "rind: " << error.what() << "\n";
    return kInterrupted;
  } catch (const std::bad_alloc&) {
    return report(
        "memory: there is not enough for this; use a smaller --patch or --batch, or close other programs",
        kFailed);
  } catch (const std::exception& error) {
    const std::string text = error.what();
    return report(text.substr(0, text.find('\n')), kFailed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int status = statusOf(argc, argv);
  // All is written and closed. LibTorch's static objects would deregister thousands of operators one by one,
  // which takes longer than many a command.
  std::cout.flush();
  std::fflush(nullptr);
  std::_Exit(status);
}
