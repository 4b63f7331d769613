#include "rind/datasets/dataset_json.h"

#include <algorithm>
#include <map>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::datasets {
namespace {

using nlohmann::json;

core::InputError wrong(const std::string& where, const std::string& what) {
  return core::InputError(where, what, "correct dataset.json");
}

std::optional<int> integerOf(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 9 &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
  return digits ? std::optional<int>(std::stoi(text)) : std::nullopt;
}

int labelValue(const json& value, const std::string& where) {
  if (value.is_number_integer() && value.get<std::int64_t>() >= 0 && value.get<std::int64_t>() < 1'000'000)
    return value.get<int>();
  const auto number = value.is_string() ? integerOf(value.get<std::string>()) : std::nullopt;
  if (!number) throw wrong(where, "has a label whose value is no integer (" + value.dump() + ")");
  return *number;
}

/// nnU-Net's regions list the values they hold; a value is named after the smallest region that holds it.
struct Region {
  std::string name;
  std::vector<int> values;
};

std::vector<Region> regionsOf(const json& labels, const std::string& where) {
  std::vector<Region> regions;
  for (const auto& [key, value] : labels.items()) {
    Region region{key, {}};
    if (const auto number = integerOf(key); number && value.is_string())
      region = {value.get<std::string>(), {*number}};  // Decathlon: {"1": "liver"}
    else if (value.is_array())
      for (const auto& one : value) region.values.push_back(labelValue(one, where));
    else
      region.values = {labelValue(value, where)};
    regions.push_back(region);
  }
  std::stable_sort(regions.begin(), regions.end(),
                   [](const Region& a, const Region& b) { return a.values.size() < b.values.size(); });
  return regions;
}

core::LabelSet labelSetOf(const json& labels, const std::string& where) {
  if (!labels.is_object() || labels.empty()) throw wrong(where, "names no labels");
  std::map<int, std::string> names = {{0, "background"}};
  std::map<int, std::string> given;
  for (const auto& region : regionsOf(labels, where))
    for (const int value : region.values)
      if (region.name != "ignore") given.emplace(value, region.name);
  for (const auto& [value, name] : given) names[value] = name;
  if (names.size() < 2) throw wrong(where, "names no label but the background");
  if (names.size() > 255) throw wrong(where, "names more than 254 labels");
  return core::makeLabelSet({names.begin(), names.end()});
}

std::vector<std::string> channelsOf(const json& names, const std::string& where) {
  if (!names.is_object() || names.empty())
    throw wrong(where, "has channels that are no object like {\"0\": \"MRI\"}");
  std::map<int, std::string> sorted;
  for (const auto& [key, value] : names.items()) {
    const auto number = integerOf(key);
    if (!number || !value.is_string())
      throw wrong(where, "has channels that are no object like {\"0\": \"MRI\"}");
    sorted[*number] = value.get<std::string>();
  }
  std::vector<std::string> out;
  for (const auto& [number, name] : sorted) out.push_back(name);
  return out;
}

std::string fileName(const json& value, const std::string& where) {
  const auto name = value.get<std::string>();
  if (name.empty() || name.size() > 4000 || name.find('\0') != std::string::npos)
    throw wrong(where, "has a case whose file name is empty, too long or holds a zero byte");
  return name;
}

std::vector<DatasetJson::Pair> pairsOf(const json& list, const std::string& where) {
  if (!list.is_array()) throw wrong(where, "has a list of cases that is no list");
  std::vector<DatasetJson::Pair> pairs;
  for (const auto& entry : list) {
    if (!entry.is_object() || !entry.contains("image") || !entry.at("image").is_string())
      throw wrong(where, "has a case without the name of its image");
    if (entry.contains("label") && !entry.at("label").is_string())
      throw wrong(where, "has a case whose label is no file name");
    pairs.push_back({fileName(entry.at("image"), where), entry.value("label", "")});
    if (!pairs.back().labels.empty()) fileName(entry.at("label"), where);
  }
  return pairs;
}

DatasetJson parse(const json& content, const std::string& where) {
  DatasetJson out;
  if (!content.is_object()) throw wrong(where, "is no JSON object");
  out.is_nnunet = content.contains("channel_names");
  if (content.contains("name") && content.at("name").is_string())
    out.name = content.at("name").get<std::string>();
  if (!content.contains("labels")) throw wrong(where, "names no labels");
  out.labels = labelSetOf(content.at("labels"), where);
  for (const char* key : {"channel_names", "modality"})
    if (content.contains(key) && out.channels.empty()) out.channels = channelsOf(content.at(key), where);
  if (out.is_nnunet) {
    if (const auto ending = content.find("file_ending"); ending != content.end()) {
      if (!ending->is_string()) throw wrong(where, "has a file_ending that is no text");
      out.file_ending = ending->get<std::string>();
    }
    return out;
  }
  if (content.contains("training")) out.training = pairsOf(content.at("training"), where);
  if (content.contains("validation")) out.validation = pairsOf(content.at("validation"), where);
  if (content.contains("test") && content.at("test").is_array())
    for (const auto& entry : content.at("test"))
      if (entry.is_string()) out.test.push_back(entry.get<std::string>());
  return out;
}

}  // namespace

DatasetJson readDatasetJson(const std::filesystem::path& file) {
  const std::string where = file.string();
  std::error_code status;
  if (std::filesystem::file_size(file, status) > (std::uintmax_t{256} << 20) && !status)
    throw wrong(where, "is larger than any dataset.json");
  try {
    // Deeply nested input would exhaust the stack.
    const auto shallow = [](int depth, json::parse_event_t, json&) {
      if (depth > 64) throw core::InputError("dataset.json", "is nested too deeply", "correct dataset.json");
      return true;
    };
    return parse(json::parse(core::readFile(file), shallow), where);
  } catch (const json::exception&) {
    throw core::InputError(where, "is no valid JSON of the kind expected", "correct dataset.json");
  }
}

}  // namespace rind::datasets
