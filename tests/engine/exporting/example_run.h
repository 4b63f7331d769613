#pragma once

#include "example_model.h"
#include "rind/core/atomic_file.h"
#include "rind/networks/network.h"
#include "rind/networks/weights.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::exporting {

/// A run folder as a training leaves it: two epochs, one change, one warning, scores of two cases.
class ExampleRun {
 public:
  explicit ExampleRun(ModelDescription description = exampleModel("unet", {16, 16, 16})) {
    const auto network = networks::makeNetwork(description.network, 3);
    std::filesystem::create_directories(path() / "checkpoints");
    networks::saveWeights(path() / "checkpoints" / "best.weights", *network);
    const nlohmann::json split = {{"training", {"a", "b", "c"}}, {"validation", {"patient_x"}}};
    core::writeFileWhole(path() / "run.json",
                         nlohmann::json{{"model", description},
                                        {"config", {{"loss", "cwcd"}, {"data", "/home/someone/Organs"}}},
                                        {"data", {{"name", "Organs"}, {"layout", "msd"}, {"split", split}}},
                                        {"versions", {{"rind", "0.1.0"}, {"libtorch", "2.11.0"}}}}
                             .dump());
    core::writeFileWhole(
        path() / "events.jsonl",
        R"({"event":"epoch","epoch":1,"step":4,"loss":0.75,"best":true,"validation":{"mean_dsc":0.25}}
{"event":"parameters","step":5,"changes":{"lambda":0.75}}
{"event":"warning","text":"a step was left out"}
{"event":"epoch","epoch":2,"step":8,"loss":0.5,"best":true,"validation":{"mean_dsc":0.625}}
{"event":"epoch","epo)");
    core::writeFileWhole(path() / "scores.csv",
                         "case,class,name,tp,fp,fn,dsc,nsd_1mm,hd95_mm,assd_mm,surface\n"
                         "\"a,1\",1,liver,1,1,1,0.5,0.75,2,1,surfel\n"
                         "b,1,liver,1,0,0,1,1,0,0,surfel\n"
                         "\"a,1\",2,spleen,0,0,5,0,0,inf,inf,surfel\n"
                         "b,2,spleen,0,0,0,,,,,surfel\n");
  }
  std::filesystem::path path() const { return folder_ / "organs_run"; }

 private:
  test_support::TemporaryFolder folder_;
};

}  // namespace rind::exporting
