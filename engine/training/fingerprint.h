#pragma once

#include <string>

#include "rind/core/prepared_case.h"

namespace rind::training {

/// 16 hexadecimal digits that change with the cases' names, grids, images or labels: FNV-1a over each case's
/// name, shape, spacing, and 16 pieces of 16 KiB spread evenly over its image and its labels (all of what is
/// smaller), so it costs a few reads a case.
std::string fingerprint(const core::CaseSource& cases);

}  // namespace rind::training
