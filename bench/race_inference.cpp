// A sliding window over a volume, timed from a script that races it: the paper's U-Net with random weights,
// 16 classes, windows of 64x128x128 that overlap by half. Waits for a line on standard input (how many
// volumes) and answers with one line of JSON, as race_step does.
#include <ATen/ATen.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "race_process.h"
#include "rind/inference/sliding_window.h"
#include "rind/networks/network.h"
#include "rind/training/device.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kClasses = 16;
constexpr rind::core::Extent3 kVolume = {96, 256, 256};
constexpr rind::core::Extent3 kWindow = {64, 128, 128};

}  // namespace

int main(int argc, char** argv) {
  const std::string precision = argc > 1 ? argv[1] : "auto";
  const rind::training::Compute compute = rind::training::chooseCompute("cpu", precision);
  const auto network = rind::networks::makeNetwork({"unet", 1, kClasses, 16, kWindow}, 1);
  network->eval();
  rind::networks::preferChannelsLast(*network);
  const rind::inference::Forward forward = [&](const at::Tensor& windows) {
    const rind::training::Precision scope(compute);
    return network->forward(rind::networks::channelsLast(windows));
  };
  const at::Tensor image = at::randn({kVolume.z, kVolume.y, kVolume.x});
  const rind::inference::ImageView view = {image.const_data_ptr<float>(), 1, kVolume};
  for (std::string line; std::getline(std::cin, line);) {
    const int count = std::stoi(line);
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
      const auto start = Clock::now();
      rind::inference::predictLabels(forward, view, kClasses, {kWindow});
      times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::cout << nlohmann::json{{"ms", times},
                                {"where", rind::training::describe(compute)},
                                {"peak_mib", peakMebibytes()}}
                     .dump()
              << std::endl;
  }
}
