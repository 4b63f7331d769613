// Uses the window at random for a while, and watches that it neither freezes nor grows nor complains.

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <QApplication>
#include <QTimer>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <new>

#include "hands.h"
#include "memory.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/workbench/theme.h"
#include "watcher.h"

namespace rind::soak {
namespace {

struct Options {
  double seconds = 600;
  double freeze = 1;  // seconds
  int actions = 60;   // in a cycle
  std::string engine = RIND_ENGINE;
  std::uint64_t seed =
      static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count()) % 1000000;
};

constexpr double kBeatMilliseconds = 20;
/// Growth that fails: more than this share of the memory at the end, and more than so many MB.
constexpr double kGrowthShare = 0.1;
constexpr double kGrowthMegabytes = 40;

// What the window keeps for its user stays in `folder`.
void keepApart(const std::filesystem::path& folder) {
  for (const char* name : {"XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) {
    const auto own = folder / name;
    std::filesystem::create_directory(own);
    std::filesystem::permissions(own, std::filesystem::perms::owner_all);  // Qt refuses any other
    ::setenv(name, own.c_str(), 1);
  }
}

int useWindow(int argc, char** argv, Doing& doing, const Options& options) {
  rendering::RenderWidget::askForOpenGl();
  const test_support::TemporaryFolder folder;
  keepApart(folder.path());
  QApplication application(argc, argv);
  QApplication::setQuitOnLastWindowClosed(false);
  workbench::applyTheme(application);
  std::filesystem::create_directory(folder / "runs");
  QTimer beat;
  QObject::connect(&beat, &QTimer::timeout, [&doing] { ++doing.beats; });
  beat.start(kBeatMilliseconds);

  Hands hands(doing, options.seed, {options.engine, folder / "runs"});
  std::vector<double> memory;
  const auto begun = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  do {
    hands.cycle(options.actions);
    memory.push_back(heldMegabytes());
    std::cout << "cycle " << memory.size() << ": " << doing.count << " actions, " << hands.trainings()
              << " trainings, " << static_cast<int>(seconds()) << " s, " << static_cast<int>(memory.back())
              << " MB" << std::endl;
  } while (seconds() < options.seconds);
  const double grown = growth(memory);
  std::cout << "memory grew by " << grown << " MB after the first third" << std::endl;
  if (grown <= std::max(kGrowthMegabytes, kGrowthShare * memory.back())) return 0;
  std::cout << "soak: that is a leak" << std::endl;
  return 1;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--seconds") options.seconds = std::atof(argv[i + 1]);
    if (name == "--freeze") options.freeze = std::atof(argv[i + 1]);
    if (name == "--actions") options.actions = std::atoi(argv[i + 1]);
    if (name == "--engine") options.engine = argv[i + 1];
    if (name == "--seed") options.seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  return options;
}

int run(int argc, char** argv) {
  const Options options = parse(argc, argv);
  std::cout << "soak: seed " << options.seed << ", " << options.seconds << " s" << std::endl;
  void* const memory =
      ::mmap(nullptr, sizeof(Doing), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int errors[2];
  if (memory == MAP_FAILED || ::pipe(errors) != 0) return 1;
  auto& doing = *new (memory) Doing;
  const pid_t window = ::fork();
  if (window == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(errors[0]);
    ::dup2(errors[1], STDERR_FILENO);
    ::close(errors[1]);
    return useWindow(argc, argv, doing, options);
  }
  ::close(errors[1]);
  const int wrong = watch(window, errors[0], doing, options.freeze);
  std::cout << "soak: " << (wrong ? std::to_string(wrong) + " findings" : std::string("nothing found"))
            << std::endl;
  return wrong ? 1 : 0;
}

}  // namespace
}  // namespace rind::soak

int main(int argc, char** argv) {
  return rind::soak::run(argc, argv);
}
