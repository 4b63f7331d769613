#include "open_data.h"

#include <atomic>

#include "rind/datasets/data_set.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/protocol.h"

namespace rind::app {
namespace {

std::shared_ptr<const core::CaseSource> prepared(const datasets::DataSet& data,
                                                 const std::vector<std::string>& ids,
                                                 const core::Preprocessing& preprocessing,
                                                 const training::OpeningWatch& watch,
                                                 const std::string& cache = {}) {
  std::atomic<bool> cancel = false;
  datasets::PrepareOptions options;
  options.cache = cache;
  options.preprocessing = preprocessing;
  options.cancel = &cancel;
  options.progress = [&](std::size_t done, std::size_t all, const std::string&) {
    if (watch.cancelled && watch.cancelled()) cancel = true;
    if (watch.progress) watch.progress("preparing", done, all);
  };
  return std::make_shared<core::FolderCaseSource>(datasets::prepare(data, ids, options));
}

}  // namespace

training::OpenData dataOpener(const std::string& cache) {
  return [cache](const core::RunConfig& config, const training::OpeningWatch& watch) {
    const auto data = datasets::openDataSet(config.data);
    const auto split = datasets::chooseSplit(data, config.split, config.validation, config.seed);
    training::TrainingData opened;
    opened.labels = data.labels;
    opened.channels = data.channels;
    opened.preprocessing = datasets::preprocessingFor(data, config);
    opened.patch = datasets::protocolPatch(config);
    opened.description = {{"path", config.data},
                          {"layout", data.layout},
                          {"name", data.name},
                          {"split", {{"training", split.training}, {"validation", split.validation}}}};
    opened.training = prepared(data, split.training, opened.preprocessing, watch, cache);
    opened.validation = prepared(data, split.validation, opened.preprocessing, watch, cache);
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
    return worker::OpenedCase{prepared(data, {case_id}, preprocessing, {})->open(0), data.labels,
                              data.channels};
  };
}

}  // namespace rind::app
