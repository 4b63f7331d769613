#include "rind/exporting/channel_order.h"

#include <algorithm>
#include <cctype>

namespace rind::exporting {
namespace {

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

bool isOtherOrder(const std::vector<std::string>& model, const std::vector<std::string>& data) {
  for (std::size_t c = 0; c < model.size() && c < data.size(); ++c) {
    const std::string wanted = lowered(model[c]);
    const auto is_wanted = [&](const std::string& name) { return lowered(name) == wanted; };
    if (!is_wanted(data[c]) && std::any_of(data.begin(), data.end(), is_wanted)) return true;
  }
  return false;
}

}  // namespace rind::exporting
