#include "rind/models/data_check.h"

#include <QFileInfo>
#include <nlohmann/json.hpp>

namespace rind::models {
namespace {

void add(const nlohmann::json& problem, DataCheck& check) {
  if (problem.value("severity", "") == "note") return;
  const auto text = [&](const char* key) {
    return problem.at(key).is_null() ? QString() : QString::fromStdString(problem.at(key).get<std::string>());
  };
  QString what = text("what");
  const QString file = text("file");
  if (!file.isEmpty() && what.startsWith(file)) what.replace(0, file.size(), QFileInfo(file).fileName());
  const QString sentence = what + "; " + text("remedy") + ".";
  if (problem.at("case").is_null()) {
    check.remarks << sentence;
    return;
  }
  QString& lines = check.problems[text("case")];
  lines += (lines.isEmpty() ? "" : "\n") + sentence;
}

}  // namespace

std::optional<DataCheck> readDataCheck(const QByteArray& output) {
  const QByteArray last = output.trimmed().split('\n').back();
  const auto result = nlohmann::json::parse(last.begin(), last.end(), nullptr, false);
  if (!result.is_object() || !result.contains("problems")) return std::nullopt;
  DataCheck check;
  try {
    for (const auto& problem : result.at("problems")) add(problem, check);
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return check;
}

}  // namespace rind::models
