#include "open_data.h"

#include <atomic>
#include <utility>

#include "rind/datasets/data_set.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/protocol.h"

namespace rind::app {
namespace {

using Cases = std::shared_ptr<const core::CaseSource>;

/// What one preparation of cases is told.
class Preparation {
 public:
  /// Where prepared cases lie, and how many threads make them (0: all processors).
  struct Means {
    std::string cache;
    int threads = 0;
  };
  Preparation(const core::Preprocessing& preprocessing, const training::OpeningWatch& watch,
              const Means& means)
      : watch_(watch) {
    options_.cache = means.cache;
    options_.threads = means.threads;
    options_.preprocessing = preprocessing;
    options_.cancel = &cancel_;
    options_.progress = [this](std::size_t done, std::size_t all, const std::string&) {
      if (watch_.cancelled && watch_.cancelled()) cancel_ = true;
      if (watch_.progress) watch_.progress("preparing", done, all);
    };
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  Cases all(const datasets::DataSet& data, const std::vector<std::string>& ids) {
    return std::make_shared<core::FolderCaseSource>(datasets::prepare(data, ids, options_));
  }

  /// Takes those that cannot be read out of `ids`. Throws InputError where none can.
  Cases readable(const datasets::DataSet& data, std::vector<std::string>& ids) {
    auto found = datasets::prepareReadable(data, ids, options_);
    if (found.entries.empty() && !found.broken.empty()) throw found.broken.front();
    for (const auto& broken : found.broken)
      if (watch_.left_out) watch_.left_out(broken.what());
    ids.clear();
    for (const auto& entry : found.entries) ids.push_back(entry.id);
    return std::make_shared<core::FolderCaseSource>(std::move(found.entries));
  }

 private:
  const training::OpeningWatch& watch_;
  std::atomic<bool> cancel_ = false;
  datasets::PrepareOptions options_;
};

}  // namespace

training::OpenData dataOpener(const std::string& cache) {
  return [cache](const core::RunConfig& config, const training::OpeningWatch& watch) {
    const auto data = datasets::openDataSet(config.data);
    auto split = datasets::chooseSplit(data, config.split, config.validation, config.seed);
    training::TrainingData opened;
    opened.labels = data.labels;
    opened.channels = data.channels;
    opened.preprocessing = datasets::preprocessingFor(data, config);
    opened.patch = datasets::protocolPatch(config);
    Preparation preparation(opened.preprocessing, watch, {cache, config.threads});
    const auto prepared = [&](std::vector<std::string>& ids) {
      return config.skip_broken ? preparation.readable(data, ids) : preparation.all(data, ids);
    };
    opened.training = prepared(split.training);
    opened.validation = prepared(split.validation);
    opened.description = {{"path", config.data},
                          {"layout", data.layout},
                          {"name", data.name},
                          {"split", {{"training", split.training}, {"validation", split.validation}}}};
    return opened;
  };
}

worker::OpenCase caseOpener() {
  struct Opened {
    std::string source;
    datasets::DataSet data;
  };
  const auto last = std::make_shared<Opened>();
  return [last](const core::RunConfig& config, const std::string& case_id) {
    if (last->source != config.data) *last = {config.data, datasets::openDataSet(config.data)};
    const auto& data = last->data;
    datasets::findCase(data, case_id);
    const core::Preprocessing preprocessing = datasets::preprocessingFor(data, config);
    const training::OpeningWatch unwatched{};
    Preparation preparation(preprocessing, unwatched, {"", config.threads});
    return worker::OpenedCase{preparation.all(data, {case_id})->open(0), data.labels, data.channels};
  };
}

}  // namespace rind::app
