#include "rind/datasets/folds.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/random.h"

namespace rind::datasets {
namespace {

bool allDigits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::string patientOf(const std::string& id) {
  // BraTS: Brats18_X_Y_1, BraTS-GLI-00001-000.
  const auto last = id.find_last_of("_-");
  const bool brats = id.rfind("Brats", 0) == 0 || id.rfind("BraTS-", 0) == 0;
  if (brats && last != std::string::npos && allDigits(id.substr(last + 1))) return id.substr(0, last);
  static const std::array<std::string, 8> words = {"ses",  "session", "visit", "frame",
                                                   "scan", "time",    "tp",    "day"};
  for (std::size_t at = id.find_first_of("_-", 1); at != std::string::npos;
       at = id.find_first_of("_-", at + 1))
    for (const auto& word : words) {
      if (id.compare(at + 1, word.size(), word) != 0) continue;
      std::size_t number = at + 1 + word.size();
      if (number < id.size() && (id[number] == '-' || id[number] == '_')) ++number;
      if (number < id.size() && id[number] >= '0' && id[number] <= '9') return id.substr(0, at);
    }
  return id;
}

std::vector<std::vector<std::string>> shuffledPatients(const DataSet& data, std::uint64_t seed) {
  std::map<std::string, std::vector<std::string>> by_patient;
  for (const auto& c : data.cases) by_patient[patientOf(c.id)].push_back(c.id);
  if (by_patient.size() == 1) {  // "CT_scan_001" and so on: the words are the data set's, not a patient's
    by_patient.clear();
    for (const auto& c : data.cases) by_patient[c.id].push_back(c.id);
  }
  std::vector<std::vector<std::string>> patients;
  for (auto& [patient, ids] : by_patient) patients.push_back(std::move(ids));
  core::RandomStream random(seed, core::Purpose::split, 0, 0);
  for (std::size_t i = patients.size(); i > 1; --i) std::swap(patients[i - 1], patients[random.below(i)]);
  return patients;
}

Split splitOf(const std::vector<std::vector<std::string>>& patients,
              const std::function<bool(std::size_t)>& validates) {
  Split split;
  for (std::size_t i = 0; i < patients.size(); ++i) {
    auto& side = validates(i) ? split.validation : split.training;
    side.insert(side.end(), patients[i].begin(), patients[i].end());
  }
  std::sort(split.training.begin(), split.training.end());
  std::sort(split.validation.begin(), split.validation.end());
  return split;
}

std::vector<Split> makeFolds(const DataSet& data, int folds, std::uint64_t seed) {
  const auto patients = shuffledPatients(data, seed);
  if (folds < 2 || static_cast<std::size_t>(folds) > patients.size())
    throw core::InputError(
        "--folds",
        std::to_string(folds) + " folds cannot be made of " + std::to_string(patients.size()) + " patients",
        "give 2 or more, and at most one a patient");
  std::vector<Split> splits;
  for (std::size_t fold = 0; fold < static_cast<std::size_t>(folds); ++fold)
    splits.push_back(
        splitOf(patients, [&](std::size_t i) { return i % static_cast<std::size_t>(folds) == fold; }));
  return splits;
}

void writeSplits(const std::filesystem::path& file, const std::vector<Split>& splits) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& split : splits) list.push_back({{"train", split.training}, {"val", split.validation}});
  core::writeFileWhole(file, list.dump(4) + "\n");
}

}  // namespace rind::datasets
