#pragma once

#include "rind/core/error.h"

namespace rind::datasets {

/// A file that is sound but does not fit the memory that is left now.
class NotEnoughMemory : public core::InputError {
 public:
  using InputError::InputError;
};

}  // namespace rind::datasets
