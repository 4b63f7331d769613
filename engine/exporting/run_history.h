#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rind::exporting {

/// What a run folder says of how its network came to be.
struct RunHistory {
  struct Epoch {
    int number = 0;
    double loss = 0;
    double mean_dsc = 0;
    bool best = false;
  };
  /// Settings that were changed while it trained.
  struct Change {
    std::int64_t after_step = 0;
    nlohmann::json settings;
  };
  /// A class's validation scores with the best weights; means and deviations over the cases where they are
  /// finite numbers, not a number where there is none.
  struct ClassScores {
    struct Score {
      double mean = 0;
      double deviation = 0;
    };
    int label = 0;
    std::string name;
    int cases = 0;     ///< that have it in reference or prediction
    int failures = 0;  ///< cases of DSC 0
    Score dsc;
    double mean_dsc_without_failures = 0;
    Score nsd, hd95, assd;
  };

  nlohmann::json run;  ///< run.json
  std::vector<Epoch> epochs;
  std::vector<Change> changes;
  std::vector<std::string> warnings;
  std::vector<ClassScores> scores;
};

/// Reads run.json, events.jsonl and scores.csv; the last two may be missing, a broken line is passed over.
/// Throws InputError where run.json cannot be read.
RunHistory readRunHistory(const std::filesystem::path& folder);

}  // namespace rind::exporting
