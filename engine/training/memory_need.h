#pragma once

#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "rind/core/run_config.h"

namespace rind::training {

/// Whether it says that memory ran out, the host's or a GPU's.
bool isOutOfMemory(const std::exception_ptr& error);

/// One line: what is too large, and the one setting to change.
std::string memoryAdvice(const core::RunConfig& config, const core::Extent3& patch);

/// One line where it ran out before there was a step to plan.
std::string memoryAdviceForData();

/// One line said before the first step: what is needed and left (bytes), and the one setting to change.
std::string memoryWarning(const core::RunConfig& config, const core::Extent3& patch, double needed,
                          double left);

/// Settings of a step that needs less: a part of the batch at a time, its gradients accumulated (the same
/// training), or, of a single patch, half its longest axis. Empty where the network allows no smaller one.
nlohmann::json smallerStep(const core::RunConfig& config, const core::Extent3& patch);

/// The first line of what an exception says.
std::string messageOf(const std::exception_ptr& error);

}  // namespace rind::training
