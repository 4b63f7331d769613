#pragma once

#include <string>
#include <vector>

namespace rind::exporting {

/// Whether the data name one of the model's channels at another place than the model: its input would be
/// mixed up. Names are compared without regard to case; channels of other names may be called otherwise only.
bool isOtherOrder(const std::vector<std::string>& model, const std::vector<std::string>& data);

}  // namespace rind::exporting
