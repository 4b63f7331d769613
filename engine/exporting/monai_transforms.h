#pragma once

#include <string_view>

namespace rind::exporting {

/// monai_transforms.py, which is beside this file: scripts/rind_transforms.py of a bundle.
extern const std::string_view kMonaiTransforms;

}  // namespace rind::exporting
