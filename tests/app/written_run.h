#pragma once

#include <string>

#include "rind/core/atomic_file.h"
#include "workbench_window.h"

namespace rind::workbench {

/// A run that was trained for two epochs, the second its best, and scored in five cases.
inline void writeRun(const std::filesystem::path& run, double lambda, double better) {
  std::filesystem::create_directories(run);
  core::RunConfig config;
  config.data = kPhantom;
  config.loss.lambda = lambda;
  core::writeFileWhole(run / "run.json", nlohmann::json{{"config", config}}.dump());
  std::string events;
  for (int number : {1, 2, 2}) {  // the second was trained again after a resumption
    messages::Epoch epoch{{10 * number, number, 5.0 * number}};
    epoch.mean_dsc = 0.3 * number + better;
    epoch.loss = 1.0 / number;
    epoch.best = true;
    events += messages::toJson(epoch).dump() + "\n";
  }
  core::writeFileWhole(run / "events.jsonl", events + "{\"event\": \"ste");
  std::string scores = "case,class,name,dsc,nsd_1mm,hd95_mm,assd_mm\n";
  for (int i = 1; i <= 5; ++i)
    scores += std::to_string(i) + ",1,liver," + std::to_string(0.5 + 0.01 * i + better * i) + ",0.9,2,1\n";
  core::writeFileWhole(run / "scores.csv", scores);
}

}  // namespace rind::workbench
