#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace rind::core {

/// With its ASCII letters in lower case.
std::string lowered(std::string text);

/// A JSON value as people type it: a string without its quotes.
std::string textOf(const nlohmann::json& value);

/// JSON in one line, or indented. What is not UTF-8, as a file's name may be, is replaced and does not throw.
template <class Json>
std::string jsonText(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rind::core
