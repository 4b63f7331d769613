// One training step of the paper's U-Net, timed from a script that races it: forward, CWCD, backward, Adam on
// 1x1x64x128x128, 16 classes. Waits for a line on standard input before each measurement, so that a script
// can take turns with its peers, and answers with one line of JSON.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "race_process.h"
#include "rind/training/trainer.h"

namespace {

using Clock = std::chrono::steady_clock;

rind::losses::Target organs(const std::vector<std::int64_t>& shape) {
  rind::losses::Target target;
  const auto index = at::arange(shape[1] * shape[2] * shape[3]).view({1, shape[1], shape[2], shape[3]});
  const auto block =
      at::floor_divide(index, 8 * shape[2] * shape[3]) + at::floor_divide(at::remainder(index, shape[3]), 16);
  target.labels = at::remainder(block, 16).to(at::kByte).contiguous();
  target.band = at::remainder(index, 16).lt(4).to(at::kByte).contiguous();
  return target;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string precision = argc > 1 ? argv[1] : "auto";
  const std::int64_t edge = argc > 2 ? std::stoll(argv[2]) : 128;
  const std::string device = argc > 3 ? argv[3] : "cpu";
  const rind::training::Compute compute = rind::training::chooseCompute(device, precision);
  const rind::networks::NetworkSettings network = {"unet", 1, 16, 16, {edge / 2, edge, edge}};
  rind::core::RunConfig config;
  rind::training::useOwnStream(compute);
  rind::training::Trainer trainer(network, config, compute);
  const at::Tensor image = at::randn({1, 1, edge / 2, edge, edge});
  const rind::training::StepInput input = {image, organs({1, edge / 2, edge, edge})};
  double loss = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const int count = std::stoi(line);
    std::vector<double> times;
    // As a training does it: where steps are read late, one is always begun before the one before is read.
    if (trainer.computesLate()) trainer.begin({input}, config, 1e-4);
    for (int i = 0; i < count; ++i) {
      const auto start = Clock::now();
      trainer.begin({input}, config, 1e-4);
      loss = trainer.finish().loss.total;
      times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    if (trainer.computesLate()) trainer.finish();
    std::cout << nlohmann::json{{"ms", times},
                                {"loss", loss},
                                {"where", rind::training::describe(compute) +
                                              (trainer.launchesGraphs() ? ", CUDA graph" : "")},
                                {"peak_mib", peakMebibytes()}}
                     .dump()
              << std::endl;
  }
}
