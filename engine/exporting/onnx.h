#pragma once

#include <filesystem>

#include "rind/exporting/model_description.h"
#include "rind/networks/network.h"

namespace rind::exporting {

/// Writes ONNX (opset 17): "image" [batch, C, depth, height, width] → "logits" [batch, classes, …], f32,
/// evaluation mode; batch and the spatial axes vary where the network allows it. The description is the
/// file's metadata entry "rind.json". Written whole or not at all. Throws InputError where `path` cannot be
/// written.
void exportOnnx(networks::Network& network, const ModelDescription& description,
                const std::filesystem::path& path);

}  // namespace rind::exporting
