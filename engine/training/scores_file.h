#pragma once

#include <filesystem>

#include "rind/core/label_set.h"
#include "rind/training/validation.h"

namespace rind::training {

/// RUN/scores.csv: DSC, NSD at 1 mm, HD95 and ASSD (surface elements) of each validation case and class with
/// the best weights. Empty cells are not-a-number, "inf" is infinite.
void writeScores(const std::filesystem::path& file, const std::vector<ValidatedCase>& validated,
                 const core::LabelSet& labels);

}  // namespace rind::training
