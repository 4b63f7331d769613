#include "tolerances.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::app {
namespace {

std::optional<double> millimetres(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [next, status] = std::from_chars(text.data(), end, value);
  if (status != std::errc() || next != end || !std::isfinite(value) || value < 0) return std::nullopt;
  return value;
}

std::map<std::string, double> fromJson(const std::string& file) {
  std::map<std::string, double> by_class;
  const auto json = nlohmann::json::parse(core::readFile(file), nullptr, false);
  if (!json.is_object())
    throw core::InputError(file, "it is no JSON object", R"(write {"1": 2.0, "liver": 3.5}, in millimetres)");
  for (const auto& [name, value] : json.items()) {
    if (!value.is_number() || value.get<double>() < 0)
      throw core::InputError(file, "the tolerance of " + name + " is no distance",
                             "give millimetres, 0 or more");
    by_class[name] = value;
  }
  return by_class;
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\"");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\"") - begin + 1);
}

std::map<std::string, double> fromCsv(const std::string& file) {
  std::map<std::string, double> by_class;
  std::istringstream lines(core::readFile(file));
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (trimmed(line).empty()) continue;
    const auto comma = line.rfind(',');
    const auto value =
        comma == std::string::npos ? std::nullopt : millimetres(trimmed(line.substr(comma + 1)));
    if (value)
      by_class[trimmed(line.substr(0, comma))] = *value;
    else if (number > 1)
      throw core::InputError(file, "line " + std::to_string(number) + " is not \"class,millimetres\"",
                             "mend it");
  }
  return by_class;
}

bool endsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

Tolerances parseTolerances(const std::string& text) {
  if (endsWith(text, ".json")) return {{}, fromJson(text)};
  if (endsWith(text, ".csv")) return {{}, fromCsv(text)};
  Tolerances tolerances;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto value = millimetres(trimmed(part));
    if (!value)
      throw core::InputError(
          "--tolerance", "\"" + part + "\" is no distance",
          "give millimetres such as 1 or 1,2, or a .json or .csv file with one for each class");
    tolerances.for_all.push_back(*value);
  }
  if (tolerances.for_all.empty())
    throw core::InputError("--tolerance", "it is empty", "give millimetres such as 1 or 1,2");
  return tolerances;
}

std::vector<double> tolerancePerClass(const Tolerances& tolerances, const std::vector<int>& labels,
                                      const std::map<int, std::string>& names) {
  std::vector<double> result;
  if (tolerances.by_class.empty()) return result;
  for (std::size_t j = 0; j < labels.size(); ++j) {
    auto found = tolerances.by_class.find(std::to_string(labels[j]));
    const auto name = names.find(labels[j]);
    if (name != names.end() && tolerances.by_class.contains(name->second))
      found = tolerances.by_class.find(name->second);
    if (found == tolerances.by_class.end() && j > 0)
      throw core::InputError("--tolerance", "the file has none for class " + std::to_string(labels[j]),
                             "add it");
    result.push_back(found == tolerances.by_class.end() ? 0 : found->second);
  }
  return result;
}

}  // namespace rind::app
