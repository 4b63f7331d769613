#include "rind/training/checkpoint.h"

#include <ATen/Functions.h>

#include "rind/core/error.h"
#include "rind/networks/weights.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;

/// Everything of a training as one module, so that one file holds it under one checksum.
class Snapshot : public torch::nn::Module {
 public:
  explicit Snapshot(Trainer& trainer) {
    register_module("network", std::static_pointer_cast<torch::nn::Module>(trainer.network()));
    register_module("adam", std::static_pointer_cast<torch::nn::Module>(trainer.adam()));
    whole_ = register_buffer("whole", at::zeros({4}, at::kLong));
    real_ = register_buffer("real", at::zeros({2}, at::kDouble));
  }

  void put(const Standing& s) {
    const std::array<std::int64_t, 4> whole = {s.step, s.epoch, s.batches, s.best_epoch};
    const std::array<double, 2> real = {s.best_dsc, s.loss_sum};
    std::copy(whole.begin(), whole.end(), whole_.data_ptr<std::int64_t>());
    std::copy(real.begin(), real.end(), real_.data_ptr<double>());
  }

  Standing get() const {
    const auto* whole = whole_.data_ptr<std::int64_t>();
    const auto* real = real_.data_ptr<double>();
    return {whole[0], whole[1], whole[2], whole[3], real[0], real[1]};
  }

 private:
  at::Tensor whole_, real_;
};

}  // namespace

void saveCheckpoint(const fs::path& run, Trainer& trainer, const Standing& standing) {
  Snapshot snapshot(trainer);
  snapshot.put(standing);
  const fs::path last = run / "checkpoints" / "last.checkpoint";
  const fs::path fresh = run / "checkpoints" / "fresh.checkpoint";
  networks::saveWeights(fresh, snapshot);
  std::error_code none;
  fs::rename(last, run / "checkpoints" / "previous.checkpoint", none);
  fs::rename(fresh, last);
}

Restored loadCheckpoint(const fs::path& run, Trainer& trainer) {
  Snapshot snapshot(trainer);
  std::string warning;
  for (const char* name : {"last.checkpoint", "fresh.checkpoint", "previous.checkpoint"}) {
    const fs::path file = run / "checkpoints" / name;
    if (!fs::exists(file)) continue;
    try {
      networks::loadWeights(file, snapshot);
      return {snapshot.get(), warning};
    } catch (const core::InputError& error) {
      warning += std::string(warning.empty() ? "" : "; ") + error.what();
    }
  }
  throw core::InputError(
      run.string(),
      warning.empty() ? "has no checkpoint to resume from" : "no checkpoint can be read (" + warning + ")",
      "start it again without --resume in another folder");
}

}  // namespace rind::training
