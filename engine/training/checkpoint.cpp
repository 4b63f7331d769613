#include "rind/training/checkpoint.h"

#include <ATen/Functions.h>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/networks/weights_file.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kReals = 8;
constexpr std::int64_t kRealsOnce = 6;  // before there were zooms and changes of intensity

/// Everything of a training as one module, so that one file holds it under one checksum.
class State : public torch::nn::Module {
 public:
  State(Trainer& trainer, std::size_t classes, std::int64_t reals = kReals) {
    register_module("network", std::static_pointer_cast<torch::nn::Module>(trainer.network()));
    register_module("optimiser", std::static_pointer_cast<torch::nn::Module>(trainer.optimiser()));
    if (trainer.average())
      register_module("average", std::static_pointer_cast<torch::nn::Module>(trainer.average()));
    whole_ = register_buffer("whole", at::zeros({7}, at::kLong));
    real_ = register_buffer("real", at::zeros({reals}, at::kDouble));
    classes_ = register_buffer("classes", at::zeros({static_cast<std::int64_t>(classes), 2}, at::kDouble));
  }

  void put(const Standing& s) {
    const std::array<std::int64_t, 7> whole = {s.step,    s.epoch,     s.steps_done, s.best_epoch,
                                               s.counted, s.bad_steps, s.returns};
    const auto& augmentation = s.augmentation;
    const std::array<double, kReals> real = {s.best_dsc,         s.loss_sum,
                                             s.rate_factor,      augmentation.rotate,
                                             augmentation.flip,  augmentation.foreground,
                                             augmentation.scale, augmentation.intensity};
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
    if (real_.numel() == kReals) {
      s.augmentation.scale = real[6];
      s.augmentation.intensity = real[7];
    }
    for (std::int64_t c = 0; c < classes_.size(0); ++c)
      s.class_losses.push_back({classes[2 * c], classes[2 * c + 1]});
    return s;
  }

 private:
  at::Tensor whole_, real_, classes_;
};

/// Fills the trainer from a file; throws as loadWeights.
Standing load(const fs::path& file, Trainer& trainer, std::size_t classes) {
  std::exception_ptr wrong;
  for (const std::int64_t reals : {kReals, kRealsOnce}) try {
      State state(trainer, classes, reals);
      networks::loadWeights(file, state);
      return state.get();
    } catch (const networks::DamagedFile&) {
      throw;
    } catch (const core::InputError&) {
      if (!wrong) wrong = std::current_exception();
    }
  std::rethrow_exception(wrong);
}

/// Else the next checkpoint would push the good one before it out.
void putAside(const fs::path& file) {
  fs::path aside = file.parent_path() / "damaged.checkpoint";
  std::error_code ignored;
  for (int number = 2; fs::exists(aside, ignored); ++number)
    aside = file.parent_path() / ("damaged-" + std::to_string(number) + ".checkpoint");
  fs::rename(file, aside, ignored);
}

void keepAsEpoch(const fs::path& folder) {
  const fs::path linked = folder / "epoch.linked";
  std::error_code status;
  fs::remove(linked, status);
  fs::create_hard_link(folder / "last.checkpoint", linked, status);
  if (status) fs::copy_file(folder / "last.checkpoint", linked, status);  // a file system without links
  if (!status) fs::rename(linked, folder / "epoch.checkpoint", status);
}

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
  std::error_code status;
  fs::rename(last, folder / "previous.checkpoint", status);  // at first there is none
  fs::rename(fresh, last, status);
  if (status) core::throwCannotWrite(last, status.value());
  if (epoch_begins) keepAsEpoch(folder);
  core::flushToDisk(folder);
}

Restored loadCheckpoint(const fs::path& run, Trainer& trainer, std::size_t classes) {
  std::string warning;
  for (const char* name :
       {"last.checkpoint", "fresh.checkpoint", "previous.checkpoint", "epoch.checkpoint"}) {
    const fs::path file = run / "checkpoints" / name;
    std::error_code unknown;  // then reading it says why
    if (!fs::exists(file, unknown) && !unknown) continue;
    try {
      return {load(file, trainer, classes), warning};
    } catch (const networks::DamagedFile& error) {
      warning += std::string(warning.empty() ? "" : "; ") + error.what();
      putAside(file);
    }
  }
  throw core::InputError(
      run.string(),
      warning.empty() ? "has no checkpoint to resume from" : "no checkpoint can be read (" + warning + ")",
      "start it again without --resume in another folder");
}

void returnToEpochBegin(const fs::path& run, Trainer& trainer, std::size_t classes) {
  try {
    load(run / "checkpoints" / "epoch.checkpoint", trainer, classes);
  } catch (const core::InputError&) {
    loadCheckpoint(run, trainer, classes);
  }
}

}  // namespace rind::training
