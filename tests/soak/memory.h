#pragma once

#include <vector>

namespace rind::soak {

/// Of this process, in MB, after what is free was given back.
double residentMegabytes();

/// How much memory grew over the cycles after the first third (which fill caches), by a straight line through
/// them; MB. 0 for fewer than six.
double growth(const std::vector<double>& megabytes);

}  // namespace rind::soak
