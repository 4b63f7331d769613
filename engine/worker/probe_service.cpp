#include "rind/worker/probe_service.h"

#include <ATen/ATen.h>

#include <chrono>
#include <fstream>

#include "rind/core/error.h"
#include "rind/core/nrrd.h"
#include "rind/core/settings.h"
#include "rind/exporting/loaded_model.h"
#include "rind/networks/network.h"

namespace rind::worker {
namespace {

using core::InputError;
namespace fs = std::filesystem;

constexpr core::Extent3 kLargestWindow = {64, 128, 128};

std::string caseKey(const core::RunConfig& config, const std::string& case_id) {
  return config.data + '\n' + (config.spacing ? core::toString(*config.spacing) : "") + '\n' + case_id;
}

// The window of a network that has not been planned for a data set yet.
core::Extent3 windowFor(const core::RunConfig& config, const core::Extent3& size) {
  if (config.patch) return *config.patch;
  return networks::fittingPatch(config.network,
                                {std::min(size.z, kLargestWindow.z), std::min(size.y, kLargestWindow.y),
                                 std::min(size.x, kLargestWindow.x)});
}

int epochOfBest(const fs::path& run) {
  std::ifstream events(run / "events.jsonl");
  int best = 0;
  for (std::string line; std::getline(events, line);)
    if (const auto event = messages::parseEvent(nlohmann::json::parse(line, nullptr, false)))
      if (const auto* epoch = std::get_if<messages::Epoch>(&*event); epoch != nullptr && epoch->best)
        best = epoch->at.epoch;
  return best;
}

void requireFit(const exporting::ModelDescription& model, const OpenedCase& opened) {
  if (model.network.in_channels != opened.prepared.channels)
    throw InputError("probe",
                     "the network takes " + std::to_string(model.network.in_channels) +
                         " channels, this case has " + std::to_string(opened.prepared.channels),
                     "open the data set that the run was trained on");
  if (model.network.classes != static_cast<int>(opened.labels.size()))
    throw InputError("probe",
                     "the network knows " + std::to_string(model.network.classes) +
                         " classes, this data set has " + std::to_string(opened.labels.size()),
                     "open the data set that the run was trained on");
}

}  // namespace

/// A network to look with, and where it comes from.
struct ProbeService::Model {
  exporting::ModelDescription description;
  std::shared_ptr<networks::Network> network;
  std::string weights;
  std::int64_t step = 0;
  int epoch = 0;
};

void ProbeService::openCase(const core::RunConfig& config, const std::string& case_id) {
  const std::string key = caseKey(config, case_id);
  if (case_ && case_->key == key) return;
  seen_.reset();
  Case opened{key, open_(config, case_id), {}, {}};
  const auto& prepared = opened.opened.prepared;
  const int classes = static_cast<int>(opened.opened.labels.size());
  opened.replicate = contour::depthHistogram(prepared.labels, prepared.depth, classes);
  opened.zero = contour::zeroBorderHistogram(prepared.labels, prepared.depth, classes);
  case_ = std::move(opened);
}

ProbeService::Model ProbeService::modelFor(const messages::Probe& probe, const core::RunConfig& config,
                                           std::optional<std::future<training::Snapshot>> training) {
  if (training) {
    try {
      auto now = training->get();
      return {now.model, now.network, "training", now.step, now.epoch};
    } catch (const std::future_error&) {
      // It ended in between: its best weights are next.
    }
  }
  if (!probe.run.empty()) {
    auto run = exporting::loadRun(probe.run);
    if (!run.hasBestWeights()) return {run.description, run.network, "last"};
    return {run.description, run.network, "best", 0, epochOfBest(probe.run)};
  }
  const auto& opened = case_->opened;
  Model model;
  model.weights = "untrained";
  model.description.window = windowFor(config, opened.prepared.size());
  model.description.network = {config.network, opened.prepared.channels,
                               static_cast<int>(opened.labels.size()), config.base_channels,
                               model.description.window};
  model.network = networks::makeNetwork(model.description.network, config.seed);
  model.network->eval();
  return model;
}

void ProbeService::look(const Model& model, const messages::Probe& probe, const std::string& key) {
  const auto& prepared = case_->opened.prepared;
  const auto& window = model.description.window;
  const Region region = regionAround(probe.centre, prepared.size(), window);
  networks::preferChannelsLast(*model.network);
  const inference::Forward forward = [&](const at::Tensor& image) {
    return model.network->forward(networks::channelsLast(image));
  };
  seen_ =
      Seen{key, region, logitsOf(forward, prepared, region, window), model.weights, model.step, model.epoch};
}

messages::Reply ProbeService::answer(const messages::Probe& probe,
                                     std::optional<std::future<training::Snapshot>> training) {
  const auto begin = std::chrono::steady_clock::now();
  core::RunConfig config;
  core::applySettings(config, probe.config);
  const auto heat_loss = probe.heat_loss.empty() ? config.loss.kind : core::parseLossKind(probe.heat_loss);
  openCase(config, probe.case_id);
  const std::string key = probe.run + '\n' + config.network + '\n' + std::to_string(config.base_channels) +
                          '\n' + core::toString(probe.centre);
  if (probe.fresh || !seen_ || seen_->key != key) {
    const Model model = modelFor(probe, config, std::move(training));
    requireFit(model.description, case_->opened);
    look(model, probe, key);
  }
  const auto& depths = config.contour.border == core::Border::zero ? case_->zero : case_->replicate;
  const auto target = targetOf(case_->opened.prepared, depths, seen_->region, config);
  const ProbedLosses probed = probeLosses(seen_->logits, target, config, heat_loss);

  messages::ProbeReply reply{seen_->weights,
                             seen_->step,
                             seen_->epoch,
                             seen_->region.start,
                             seen_->region.size,
                             probed.losses,
                             core::toString(heat_loss),
                             probed.largest};
  reply.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return {0, true, "", messages::toJson(reply), core::compress(probed.heat.data(), probed.heat.size())};
}

}  // namespace rind::worker
