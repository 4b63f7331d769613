#pragma once

#include <vector>

namespace rind::soak {

/// What this process holds, in MB, after what is free was given back; under AddressSanitizer, which gives
/// little back and keeps a record of every allocation, what it has allocated and not freed.
double heldMegabytes();

/// How much memory grew over the cycles after the first third (which fill caches), by a straight line through
/// them; MB. 0 for fewer than six.
double growth(const std::vector<double>& megabytes);

}  // namespace rind::soak
