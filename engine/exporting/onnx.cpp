#include "rind/exporting/onnx.h"

#include <ATen/ATen.h>

#include "rind/core/atomic_file.h"
#include "rind/exporting/onnx_graph.h"
#include "rind/exporting/onnx_operators.h"
#include "rind/exporting/traced_network.h"

namespace rind::exporting {
namespace {

OnnxPort port(const std::string& name, std::int64_t channels, const networks::NetworkSettings& settings) {
  const bool fixed = networks::networkInfo(settings.name).fixed_patch;
  const auto axis = [&](std::int64_t extent, const char* varying) -> std::variant<std::int64_t, std::string> {
    if (fixed || extent == 1) return extent;
    return std::string(varying);
  };
  const auto& patch = settings.patch;
  return {name,
          {std::string("batch"), channels, axis(patch.z, "depth"), axis(patch.y, "height"),
           axis(patch.x, "width")}};
}

}  // namespace

void exportOnnx(networks::Network& network, const ModelDescription& description,
                const std::filesystem::path& path) {
  const InEvaluation evaluation(network);
  const auto& settings = description.network;
  OnnxGraph graph;
  graph.output(translateToOnnx(traceNetwork(network, settings), "image", graph), "logits");
  core::writeFileWhole(path, graph.serialised(port("image", settings.in_channels, settings),
                                              port("logits", settings.classes, settings),
                                              {"rind.json", exportedDescription(description)}));
}

}  // namespace rind::exporting
