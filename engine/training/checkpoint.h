#pragma once

#include <filesystem>

#include "rind/networks/weights.h"
#include "rind/training/trainer.h"

namespace rind::training {

/// Where a training stands, beside its weights and moments: all that the next steps depend on.
struct Standing {
  std::int64_t step = 0;        // optimiser steps done, those left out counted
  std::int64_t epoch = 1;       // the epoch being trained, from 1
  std::int64_t steps_done = 0;  // of that epoch
  std::int64_t best_epoch = 0;  // 0: none yet
  double best_dsc = -1;
  std::int64_t counted = 0;  // of this epoch's steps, with a finite loss
  double loss_sum = 0;       // over those
  /// Steps in a row that gave no finite loss or gradient, and how often that led back to an earlier state.
  std::int64_t bad_steps = 0;
  std::int64_t returns = 0;
  double rate_factor = 1;  // halved by each of them
  /// As it was when the epoch began: changes take effect with the next epoch.
  sampling::Augmentation augmentation;
  /// Sums over this epoch's steps, by class.
  std::vector<losses::ClassPart> class_losses;
};

/// The whole state of a training, copied: what a checkpoint will hold.
networks::WeightsCopy copyState(Trainer& trainer, const Standing& standing);

/// Writes RUN/checkpoints/last.checkpoint, whole and checksummed; the one before becomes previous.checkpoint.
/// With `epoch_begins` it is also kept as epoch.checkpoint (the same file, by another name): the state to go
/// back to when losses stop being finite.
void writeCheckpoint(const std::filesystem::path& run, const networks::WeightsCopy& state, bool epoch_begins);

struct Restored {
  Standing standing;
  /// Empty, or why the last checkpoint was not used. A damaged one is put aside as damaged.checkpoint,
  /// damaged-2.checkpoint and so on.
  std::string warning;
};

/// Restores the last good checkpoint. Throws InputError, and leaves all files as they are, where one cannot
/// be read (the disk, permissions) or is of another network or other classes; and where none is good.
Restored loadCheckpoint(const std::filesystem::path& run, Trainer& trainer, std::size_t classes);

/// Weights and moments as they were at the epoch's beginning, or of the last good checkpoint where that
/// cannot be read.
void returnToEpochBegin(const std::filesystem::path& run, Trainer& trainer, std::size_t classes);

}  // namespace rind::training
