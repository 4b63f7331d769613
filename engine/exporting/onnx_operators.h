#pragma once

#include <torch/csrc/jit/api/module.h>

#include "rind/exporting/onnx_graph.h"

namespace rind::exporting {

/// Writes the operators of a traced network into `graph`, from the input named `input`; returns the name of
/// the result. Throws std::runtime_error naming an operator that has no ONNX translation yet.
std::string translateToOnnx(const torch::jit::Module& traced, const std::string& input, OnnxGraph& graph);

}  // namespace rind::exporting
