#include "rind/training/checkpoint.h"

#include <ATen/Functions.h>

#include "rind/core/error.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;

/// Everything of a training as one module, so that one file holds it under one checksum.
class State : public torch::nn::Module {
 public:
  State(Trainer& trainer, std::size_t classes) {
    register_module("network", std::static_pointer_cast<torch::nn::Module>(trainer.network()));
    register_module("optimiser", std::static_pointer_cast<torch::nn::Module>(trainer.optimiser()));
    if (trainer.average())
      register_module("average", std::static_pointer_cast<torch::nn::Module>(trainer.average()));
    whole_ = register_buffer("whole", at::zeros({7}, at::kLong));
    real_ = register_buffer("real", at::zeros({6}, at::kDouble));
    classes_ = register_buffer("classes", at::zeros({static_cast<std::int64_t>(classes), 2}, at::kDouble));
  }

  void put(const Standing& s) {
    const std::array<std::int64_t, 7> whole = {s.step,    s.epoch,     s.steps_done, s.best_epoch,
                                               s.counted, s.bad_steps, s.returns};
    const std::array<double, 6> real = {s.best_dsc,          s.loss_sum,
                                        s.rate_factor,       s.augmentation.rotate,
                                        s.augmentation.flip, s.augmentation.foreground};
    std::copy(whole.begin(), whole.end(), whole_.data_ptr<std::int64_t>());
    std::copy(real.begin(), real.end(), real_.data_ptr<double>());
    auto* classes = classes_.data_ptr<double>();
    for (const auto& part : s.class_losses) {
      *classes++ = part.contour;
      *classes++ = part.interior;
    }
  }

  Standing get() const {
    const auto* whole = whole_.data_ptr<std::int64_t>();
    const auto* real = real_.data_ptr<double>();
    const auto* classes = classes_.data_ptr<double>();
    Standing s{whole[0], whole[1], whole[2], whole[3], real[0],
               whole[4], real[1],  whole[5], whole[6], real[2]};
    s.augmentation = {real[3], real[4], real[5]};
    for (std::int64_t c = 0; c < classes_.size(0); ++c)
      s.class_losses.push_back({classes[2 * c], classes[2 * c + 1]});
    return s;
  }

 private:
  at::Tensor whole_, real_, classes_;
};

}  // namespace

networks::WeightsCopy copyState(Trainer& trainer, const Standing& standing) {
  State state(trainer, standing.class_losses.size());
  state.put(standing);
  return networks::copyWeights(state);
}

void writeCheckpoint(const fs::path& run, const networks::WeightsCopy& state, bool epoch_begins) {
  const fs::path folder = run / "checkpoints";
  const fs::path last = folder / "last.checkpoint";
  const fs::path fresh = folder / "fresh.checkpoint";
  networks::saveWeights(fresh, state);
  std::error_code none;
  fs::rename(last, folder / "previous.checkpoint", none);
  fs::rename(fresh, last);
  if (!epoch_begins) return;
  const fs::path linked = folder / "epoch.linked";
  fs::remove(linked, none);
  fs::create_hard_link(last, linked, none);
  if (none) fs::copy_file(last, linked, none);  // a file system without links
  if (!none) fs::rename(linked, folder / "epoch.checkpoint", none);
}

Restored loadCheckpoint(const fs::path& run, Trainer& trainer, std::size_t classes) {
  State state(trainer, classes);
  std::string warning;
  std::error_code ignored;
  for (const char* name :
       {"last.checkpoint", "fresh.checkpoint", "previous.checkpoint", "epoch.checkpoint"}) {
    const fs::path file = run / "checkpoints" / name;
    if (!fs::exists(file)) continue;
    try {
      networks::loadWeights(file, state);
      return {state.get(), warning};
    } catch (const core::InputError& error) {
      warning += std::string(warning.empty() ? "" : "; ") + error.what();
      // Else the next checkpoint would push the good one before it out.
      fs::rename(file, run / "checkpoints" / "damaged.checkpoint", ignored);
    }
  }
  throw core::InputError(
      run.string(),
      warning.empty() ? "has no checkpoint to resume from" : "no checkpoint can be read (" + warning + ")",
      "start it again without --resume in another folder");
}

void returnToEpochBegin(const fs::path& run, Trainer& trainer, std::size_t classes) {
  State state(trainer, classes);
  try {
    networks::loadWeights(run / "checkpoints" / "epoch.checkpoint", state);
  } catch (const core::InputError&) {
    loadCheckpoint(run, trainer, classes);
  }
}

}  // namespace rind::training
