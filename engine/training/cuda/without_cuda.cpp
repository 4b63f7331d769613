// Stands in for the CUDA graph where there is no toolkit to compile it.
#include <stdexcept>

#include "rind/training/cuda/step_graph.h"

namespace rind::training {

struct StepGraph::Recording {};

bool StepGraph::canRecord(const c10::Device&) {
  return false;
}

StepGraph::StepGraph(const c10::Device&, const std::function<void()>&) {
  throw std::logic_error("CUDA graphs were not built");
}

StepGraph::~StepGraph() = default;

void StepGraph::launch() {}

}  // namespace rind::training
