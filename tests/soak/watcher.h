#pragma once

#include <sys/types.h>

#include "doing.h"

namespace rind::soak {

/// Watches the window's process until it ends: says which action froze its event loop for longer than
/// `longest_freeze` seconds (not counting waits for a processor), repeats every line of its
/// standard error (read from `errors`) with the action before it, and aborts it where it does not come back
/// at all. Returns what is wrong: 0 where nothing is.
int watch(pid_t window, int errors, const Doing& doing, double longest_freeze);

}  // namespace rind::soak
