#include "rind/models/run_follower.h"

namespace rind::models {
namespace {

namespace fs = std::filesystem;

constexpr int kBetweenLooks = 1000;  // ms

fs::file_time_type timeOf(const fs::path& file) {
  std::error_code ignored;
  return fs::last_write_time(file, ignored);
}

}  // namespace

/// One run folder as it was when it was last looked at.
class RunFollower::Reader {
 public:
  explicit Reader(const RunFolder& run)
      : run_(run),
        standing_(standingOf(run)),
        said_(lastSaid({}, run.events)),
        scores_time_(timeOf(run.path / "scores.csv")) {
    run_.events.clear();
    run_.scores.clear();
  }

  /// Nothing where nothing changed.
  std::unique_ptr<RunNews> look() {
    auto news = std::make_unique<RunNews>();
    if (!isRunFolder(run_.path)) {
      news->gone = true;
      return news;
    }
    const bool is_trained_here = isTrainedHere(run_.path);
    readEvents(*news);
    readScores(*news);
    said_ = lastSaid(news->anew ? std::string() : said_, news->run.events);
    news->standing = standingOf(run_.path, said_, is_trained_here);
    goes_on_ = goes_on_ || !news->run.events.empty();
    news->standing.goes_on = goes_on_ && news->standing.state == "elsewhere";
    const bool any = news->anew || !news->run.events.empty() || news->run.broken_lines > 0 ||
                     !news->run.scores.empty() || news->standing != standing_;
    standing_ = news->standing;
    return any ? std::move(news) : nullptr;
  }

 private:
  void readEvents(RunNews& news) {
    EventTail tail = run_.tail;
    auto read = tail.read();
    news.anew = read.anew;
    if (read.anew) {
      news.run = readRunFolder(run_.path);
      run_ = news.run;
      run_.events.clear();
      run_.scores.clear();
      return;
    }
    run_.tail = std::move(tail);
    run_.broken_lines = read.broken_lines;
    for (const auto& event : read.events) take(event);
    run_.has_checkpoint = holdsCheckpoint(run_.path);
    news.run = run_;
    news.run.events = std::move(read.events);
  }

  void take(const messages::Event& event) {
    const auto* parameters = std::get_if<messages::Parameters>(&event);
    if (parameters != nullptr) try {
        applyKnown(run_.config, parameters->changes);
      } catch (const std::exception&) {
        ++run_.broken_lines;
      }
  }

  // They are written after the event of their epoch.
  void readScores(RunNews& news) {
    const fs::path file = run_.path / "scores.csv";
    const auto time = timeOf(file);
    if (time == scores_time_) return;
    scores_time_ = time;
    news.run.scores = readScoreFile(file).scores;
  }

  RunFolder run_;  // without events and scores
  RunStanding standing_;
  std::string said_;
  fs::file_time_type scores_time_;
  bool goes_on_ = false;  // it was seen to
};

RunFollower::RunFollower(QObject* parent) : QObject(parent) {
  timer_.setInterval(kBetweenLooks);
  connect(&timer_, &QTimer::timeout, this, &RunFollower::look);
}

RunFollower::~RunFollower() = default;

void RunFollower::follow(const RunFolder& run) {
  reader_ = std::make_shared<Reader>(run);
  timer_.start();
}

void RunFollower::stop() {
  reader_.reset();
  timer_.stop();
}

void RunFollower::look() {
  if (looking_ || !reader_) return;
  looking_ = true;
  background_.run(
      [reader = reader_]() -> std::shared_ptr<RunNews> {
        try {
          return reader->look();
        } catch (const std::exception&) {
          return nullptr;  // it is being written; looked at again
        }
      },
      [this, reader = reader_](const std::shared_ptr<RunNews>& found) {
        looking_ = false;
        if (found && reader == reader_) Q_EMIT news(*found);
      });
}

}  // namespace rind::models
