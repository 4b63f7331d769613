#include "rind/exporting/channel_order.h"

#include <algorithm>

#include "rind/core/text.h"

namespace rind::exporting {
bool isOtherOrder(const std::vector<std::string>& model, const std::vector<std::string>& data) {
  for (std::size_t c = 0; c < model.size() && c < data.size(); ++c) {
    const std::string wanted = core::lowered(model[c]);
    const auto is_wanted = [&](const std::string& name) { return core::lowered(name) == wanted; };
    if (!is_wanted(data[c]) && std::any_of(data.begin(), data.end(), is_wanted)) return true;
  }
  return false;
}

}  // namespace rind::exporting
