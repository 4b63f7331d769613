#include "rind/core/model_format.h"

namespace rind::core {

const std::vector<ModelFormat>& modelFormats() {
  static const std::vector<ModelFormat> formats = {
      {"torchscript", "TorchScript (LibTorch, PyTorch)", ".ts"},
      {"onnx", "ONNX (opset 17)", ".onnx"},
      {"monai-bundle", "MONAI bundle", ""},
      {"model-card", "Model card (Markdown)", ".md"},
  };
  return formats;
}

}  // namespace rind::core
