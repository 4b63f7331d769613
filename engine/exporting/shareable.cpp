#include "rind/exporting/shareable.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kBeforePath = " \"'(=";

/// "2/5" of --split: a fold, no path.
bool isFold(const std::string& text) {
  const auto is_part = [](unsigned char c) { return std::isdigit(c) != 0 || c == '/'; };
  return std::all_of(text.begin(), text.end(), is_part) && std::count(text.begin(), text.end(), '/') == 1 &&
         text.front() != '/' && text.back() != '/';
}

std::string lastPart(const std::string& text) {
  if (text.empty() || isFold(text)) return text;
  fs::path path = fs::path(text).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.filename().string();
}

void shortenPath(json& object, const char* key) {
  if (object.is_object() && object.contains(key) && object[key].is_string())
    object[key] = lastPart(object[key].get<std::string>());
}

void countCases(json& split) {
  if (!split.is_object()) return;
  for (auto& side : split)
    if (side.is_array()) side = side.size();
}

void removeFolders(std::string& text) {
  for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at)) {
    if (at > 0 && kBeforePath.find(text[at - 1]) == std::string_view::npos) {
      ++at;
      continue;
    }
    const std::size_t end = std::min(text.find(": ", at), text.size());
    text.erase(at, text.rfind('/', end - 1) - at + 1);
  }
}

bool isOfName(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// Whole words only, and none so short that it names nobody ("a").
void removeCase(std::string& text, const std::string& id) {
  const std::string instead = "(not named)";
  if (id.size() < 3) return;
  for (std::size_t at = text.find(id); at != std::string::npos; at = text.find(id, at)) {
    const std::size_t end = at + id.size();
    if ((at > 0 && isOfName(text[at - 1])) || (end < text.size() && isOfName(text[end]))) {
      ++at;
      continue;
    }
    text.replace(at, id.size(), instead);
    at += instead.size();
  }
}

}  // namespace

json shareableSettings(json config) {
  for (const char* key : {"data", "split"}) shortenPath(config, key);
  return config;
}

json shareableProvenance(json provenance) {
  if (!provenance.is_object()) return provenance;
  if (provenance.contains("config")) provenance["config"] = shareableSettings(provenance["config"]);
  if (!provenance.contains("data")) return provenance;
  json& data = provenance["data"];
  shortenPath(provenance, "data");
  shortenPath(data, "path");
  if (data.is_object() && data.contains("split")) countCases(data["split"]);
  return provenance;
}

std::string shareableMessage(std::string text, const json& data) {
  removeFolders(text);
  if (!data.is_object() || !data.contains("split") || !data["split"].is_object()) return text;
  for (const auto& side : data["split"])
    if (side.is_array())
      for (const auto& id : side)
        if (id.is_string()) removeCase(text, id.get<std::string>());
  return text;
}

}  // namespace rind::exporting
