#pragma once

#include <future>
#include <optional>

#include "rind/messages/commands.h"
#include "rind/training/session.h"
#include "rind/worker/loss_probe.h"

namespace rind::worker {

/// A case of a configuration's data set, prepared as training prepares it. `labels` gets the data set's
/// classes, `channels` its channels' names.
struct OpenedCase {
  core::PreparedCase prepared;
  core::LabelSet labels;
  std::vector<std::string> channels;
};
using OpenCase = std::function<OpenedCase(const core::RunConfig&, const std::string& case_id)>;

/// Answers probes; keeps the case and the network's answer of the last one, so that a changed setting costs
/// only the losses. Used from one thread.
class ProbeService {
 public:
  explicit ProbeService(OpenCase open) : open_(std::move(open)) {}

  /// `training`: the network that trains in the probe's run folder, where one does. Throws InputError: an
  /// unknown case, a network for other channels or classes, no checkpoint yet.
  messages::Reply answer(const messages::Probe& probe,
                         std::optional<std::future<training::Snapshot>> training);

 private:
  struct Case {
    std::string key;
    OpenedCase opened;
    contour::DepthHistogram zero;
    contour::DepthHistogram replicate;
  };
  struct Seen {
    std::string key;  // of what the logits depend on, but for the weights' progress
    Region region;
    at::Tensor logits;
    std::string weights;
    std::int64_t step = 0;
    int epoch = 0;
  };
  struct Model;

  void openCase(const core::RunConfig& config, const std::string& case_id);
  Model modelFor(const messages::Probe& probe, const core::RunConfig& config,
                 std::optional<std::future<training::Snapshot>> training);
  void look(const Model& model, const messages::Probe& probe, const std::string& key);

  OpenCase open_;
  std::optional<Case> case_;
  std::optional<Seen> seen_;
};

}  // namespace rind::worker
