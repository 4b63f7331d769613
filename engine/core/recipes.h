#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rind::core {

/// "paper", "authors", "recommended": what `--preset` takes, in the order in which they are shown.
const std::vector<std::string>& recipeNames();

/// What `--preset NAME` sets beside the loss's own preset, as `{key: value, …}`; empty for a name that is not
/// a recipe's.
nlohmann::json presetSettings(const std::string& name);

/// All that a recipe decides: loss, contour rule, optimisation, augmentation, batch and patch. The values are
/// those of `rind train --preset NAME` with nothing else given, so that choosing one also takes back what
/// another had set. Data, network, length and device are left out. Throws InputError for an unknown name.
nlohmann::json recipe(const std::string& name);

}  // namespace rind::core
