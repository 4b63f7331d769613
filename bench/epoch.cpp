// A training of the paper's U-Net as a user runs it (loader, bands, steps, record, checkpoints; 15 organs,
// made cases of 80x160x160 in memory, patches 64x128x128), for bench/watch_epoch.py to watch. Prints one line
// of JSON a step and one an epoch.
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "organs.h"
#include "race_process.h"
#include "rind/contour/depth_map.h"
#include "rind/training/session.h"

namespace {

using rind::core::Extent3;

/// Cases that differ in where their organs lie.
class MadeCases : public rind::core::CaseSource {
 public:
  MadeCases(std::size_t count, const Extent3& size) {
    for (std::size_t i = 0; i < count; ++i) {
      auto made = std::make_shared<Made>();
      made->labels = rind::bench::organs(size, 15, static_cast<double>(i));
      rind::core::RandomStream random(4, rind::core::Purpose::phantom, 0, static_cast<std::uint32_t>(i));
      for (const auto label : made->labels.voxels)
        made->image.push_back(static_cast<float>(0.1 * label + 0.2 * random.normal()));
      made->depth = rind::contour::depthMap(made->labels, 254, rind::core::Border::replicate);
      cases_.push_back(std::move(made));
    }
  }
  std::size_t count() const override { return cases_.size(); }
  std::string id(std::size_t index) const override { return "made_" + std::to_string(index); }
  rind::core::PreparedCase open(std::size_t index) const override {
    const auto& made = cases_.at(index);
    rind::core::PreparedCase prepared;
    prepared.id = id(index);
    prepared.geometry.size = made->labels.size;
    prepared.channels = 1;
    prepared.image = made->image.data();
    prepared.labels = made->labels;
    prepared.depth = made->depth;
    prepared.memory = made;
    return prepared;
  }

 private:
  struct Made {
    std::vector<float> image;
    rind::core::LabelVolume labels;
    rind::core::DepthVolume depth;
  };
  std::vector<std::shared_ptr<const Made>> cases_;
};

void print(const nlohmann::json& line) {
  std::cout << line.dump() << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "";
  if (folder.empty()) {
    std::cerr << "usage: epoch FOLDER [device] [edge] [epochs]: FOLDER becomes the run\n";
    return 2;
  }
  const std::int64_t edge = argc > 3 ? std::stoll(argv[3]) : 128;
  rind::training::SessionSetup setup;
  setup.folder = folder;
  setup.config.data = "made";
  setup.config.device = argc > 2 ? argv[2] : "auto";
  setup.config.patch = Extent3{edge / 2, edge, edge};
  setup.config.batch = 1;
  setup.config.epochs = argc > 4 ? std::stoi(argv[4]) : 3;
  setup.open = [edge](const rind::core::RunConfig&, const rind::training::OpeningWatch&) {
    rind::training::TrainingData data;
    std::vector<std::pair<int, std::string>> names = {{0, "background"}};
    for (int i = 1; i < 16; ++i) names.emplace_back(i, "organ " + std::to_string(i));
    data.labels = rind::core::makeLabelSet(names);
    data.channels = {"made"};
    data.training = std::make_shared<MadeCases>(8, Extent3{edge * 5 / 8, edge * 5 / 4, edge * 5 / 4});
    return data;
  };
  setup.sink = [](const rind::messages::Event& event, const std::string&) {
    if (const auto* step = std::get_if<rind::messages::Step>(&event))
      print({{"step", step->at.step}, {"ms", 1000 * step->seconds}, {"loss", step->loss}});
    if (const auto* epoch = std::get_if<rind::messages::Epoch>(&event))
      print({{"epoch", epoch->at.epoch}, {"waited", epoch->waited}});
    if (const auto* state = std::get_if<rind::messages::State>(&event))
      print({{"state", state->state}, {"text", state->text}});
    if (const auto* warning = std::get_if<rind::messages::Warning>(&event))
      print({{"warning", warning->text}});
  };
  const auto result = rind::training::Session(std::move(setup)).wait();
  if (result.reason != "finished") std::cerr << "epoch: error: " << result.text << '\n';
  return result.reason == "finished" ? 0 : 3;
}
