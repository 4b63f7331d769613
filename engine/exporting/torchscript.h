#pragma once

#include <c10/core/Device.h>

#include <filesystem>

#include "rind/exporting/model_description.h"
#include "rind/inference/sliding_window.h"
#include "rind/networks/network.h"

namespace rind::exporting {

/// Writes a TorchScript archive that any LibTorch or PyTorch loads: image [B, C, D, H, W] → logits, in
/// evaluation mode and float32, with the description as its extra file "rind.json". The network is traced,
/// written to a temporary file, loaded again and compared with the network at two shapes before the file gets
/// its name. The same network and description give the same bytes. Throws InputError where `path` cannot be
/// written, std::runtime_error where the comparison fails.
void exportTorchScript(networks::Network& network, const ModelDescription& description,
                       const std::filesystem::path& path);

struct TorchScriptModel {
  ModelDescription description;
  inference::Forward forward;
};

/// Reads what exportTorchScript wrote, to `device`. Throws InputError naming `path`: missing, cut short, or
/// not from Rind.
TorchScriptModel loadTorchScript(const std::filesystem::path& path, c10::Device device = c10::kCPU);

}  // namespace rind::exporting
