#pragma once

namespace rind::core {

/// Of both programs; goes into run.json, exported models and the worker's greeting.
constexpr const char* kVersion = "0.1.0";
/// The LibTorch that the engine is built against (tools/fetch-libtorch).
constexpr const char* kLibTorchVersion = "2.11.0";

}  // namespace rind::core
