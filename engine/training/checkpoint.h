#pragma once

#include <filesystem>

#include "rind/training/trainer.h"

namespace rind::training {

/// Where a training stands, beside its weights and moments.
struct Standing {
  std::int64_t step = 0;        // optimiser steps done
  std::int64_t epoch = 1;       // the epoch being trained, from 1
  std::int64_t batches = 0;     // of that epoch, done
  std::int64_t best_epoch = 0;  // 0: none yet
  double best_dsc = -1;
  double loss_sum = 0;  // over this epoch's steps
};

/// RUN/checkpoints/last.checkpoint is written whole and checksummed; the one before is kept as
/// previous.checkpoint.
void saveCheckpoint(const std::filesystem::path& run, Trainer& trainer, const Standing& standing);

struct Restored {
  Standing standing;
  /// Empty, or why the last checkpoint was not used.
  std::string warning;
};

/// Restores the last good checkpoint. Throws InputError naming the run where there is none that can be read.
Restored loadCheckpoint(const std::filesystem::path& run, Trainer& trainer);

}  // namespace rind::training
