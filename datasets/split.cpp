#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/datasets/folds.h"
#include "rind/datasets/readable.h"

namespace rind::datasets {
namespace {

using nlohmann::json;

void requireLabels(const DataSet& data, const std::vector<std::string>& ids) {
  if (data.phantom) return;
  for (const auto& id : ids) {
    const CaseFiles& c = findCase(data, id);
    if (c.labels.empty())
      throw core::InputError(c.images.empty() ? id : c.images.front().string(), "has no label",
                             "add its label file, or leave the image out to train without it");
    if (const std::string why = whyUnreadable(c.labels); !why.empty())
      throw core::InputError(c.labels.string(), why + " (the label of case " + id + ")",
                             "add it, or leave the case out to train without it");
  }
}

bool hasCase(const DataSet& data, const std::string& id) {
  return std::any_of(data.cases.begin(), data.cases.end(), [&](const CaseFiles& c) { return c.id == id; });
}

void validate(const DataSet& data, const Split& split, const std::string& where) {
  std::set<std::string> seen;
  for (const auto* side : {&split.training, &split.validation}) {
    if (side->empty())
      throw core::InputError(where, "leaves no case to train or none to validate on",
                             "use at least two cases");
    for (const auto& id : *side) {
      if (!hasCase(data, id))
        throw core::InputError(where, "names \"" + id.substr(0, 80) + "\", which is no case of " + data.name,
                               "name some of its " + std::to_string(data.cases.size()) + " cases");
      if (!seen.insert(id).second)
        throw core::InputError(where, "names case " + id + " twice", "name each case once");
    }
    requireLabels(data, *side);
  }
}

std::vector<std::string> idsOf(const json& list) {
  std::vector<std::string> ids;
  list.get_ref<const json::array_t&>();  // anything else throws
  for (const auto& entry : list) ids.push_back(entry.get<std::string>());
  return ids;
}

/// "FILE" or "FILE:fold".
std::pair<std::string, std::size_t> fileAndFold(const std::string& text) {
  const auto colon = text.rfind(':');
  const std::string number = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool fold =
      !number.empty() && number.size() < 4 && number.find_first_not_of("0123456789") == std::string::npos;
  return fold ? std::pair{text.substr(0, colon), static_cast<std::size_t>(std::stoul(number))}
              : std::pair{text, std::size_t{0}};
}

Split readSplit(const std::string& text) {
  const auto [file, fold] = fileAndFold(text);
  try {
    json content = json::parse(core::readFile(file));
    if (content.is_array()) {
      if (fold >= content.size())
        throw core::InputError(file, "has no fold " + std::to_string(fold),
                               "it has " + std::to_string(content.size()));
      content = json(content.at(fold));
    }
    const bool nnunet = content.contains("train");
    return {idsOf(content.at(nnunet ? "train" : "training")),
            idsOf(content.at(nnunet ? "val" : "validation"))};
  } catch (const json::exception&) {
    throw core::InputError(
        file, "is no split",
        "write {\"training\": [ids], \"validation\": [ids]} or nnU-Net's splits_final.json");
  }
}

Split seededSplit(const DataSet& data, double share, std::uint64_t seed) {
  const auto patients = shuffledPatients(data, seed);
  const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(patients.size())));
  const std::size_t most = patients.empty() ? 0 : patients.size() - 1;
  const std::size_t count = std::min(std::max<std::size_t>(wanted, 1), most);
  return splitOf(patients, [count](std::size_t i) { return i < count; });
}

/// "fold/folds", where no file is called so.
std::optional<Split> foldOf(const DataSet& data, const std::string& text, std::uint64_t seed) {
  unsigned fold = 0, folds = 0;
  int end = 0;
  const bool numbers = std::sscanf(text.c_str(), "%4u/%4u%n", &fold, &folds, &end) == 2 &&
                       static_cast<std::size_t>(end) == text.size();
  if (!numbers || isFile(text)) return {};
  const auto splits = makeFolds(data, static_cast<int>(folds), seed);
  if (fold >= folds)
    throw core::InputError("--split", "has no fold " + std::to_string(fold) + " of " + std::to_string(folds),
                           "the first is 0/" + std::to_string(folds));
  return splits[fold];
}

}  // namespace

Split chooseSplit(const DataSet& data, const std::string& split_file, double validation_share,
                  std::uint64_t seed) {
  const std::filesystem::path own = data.folder / "splits_final.json";  // nnU-Net's
  std::error_code status;
  const bool has_own = !data.phantom && std::filesystem::exists(own, status);
  const bool seeded = split_file.empty() && !data.split && !has_own;
  if (seeded && !(validation_share > 0 && validation_share < 1))
    throw core::InputError("validation", "is " + std::to_string(validation_share),
                           "use a share between 0 and 1");
  if (const auto fold = foldOf(data, split_file, seed)) {
    validate(data, *fold, "--split");
    return *fold;
  }
  const std::string file = split_file.empty() && !data.split && has_own ? own.string() : split_file;
  const Split split = !file.empty() ? readSplit(file)
                      : seeded      ? seededSplit(data, validation_share, seed)
                                    : *data.split;
  validate(data, split, file.empty() ? data.name : file);
  return split;
}

}  // namespace rind::datasets
