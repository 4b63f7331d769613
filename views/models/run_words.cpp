// How a run's changed settings and times are said.
#include <map>

#include "rind/models/run_model.h"

namespace rind::models {
namespace {

QString symbolOf(const std::string& key) {
  static const std::map<std::string, QString> symbols = {
      {"lambda", QStringLiteral("λ")},     {"alpha", QStringLiteral("α")},
      {"iterations", QStringLiteral("n")}, {"kernel", QStringLiteral("s")},
      {"epsilon", QStringLiteral("ε")},    {"include-background", RunModel::tr("background")},
      {"sigma", QStringLiteral("σ")}};
  const auto found = symbols.find(key);
  return found == symbols.end() ? QString::fromStdString(key) : found->second;
}

QString valueText(const nlohmann::json& value) {
  if (value.is_boolean()) return value.get<bool>() ? RunModel::tr("on") : RunModel::tr("off");
  if (value.is_string()) return QString::fromStdString(value.get<std::string>());
  if (value.is_number()) return QString::number(value.get<double>(), 'g', 6);
  return QString::fromStdString(value.dump());
}

}  // namespace

QString describeChanges(const nlohmann::json& changes) {
  QStringList parts;
  for (const auto& [key, value] : changes.items()) parts << symbolOf(key) + ' ' + valueText(value);
  return parts.join(QStringLiteral(", "));
}

QString describeSeconds(double seconds) {
  const auto whole = static_cast<qint64>(seconds + 0.5);
  if (whole < 60) return RunModel::tr("%1 s").arg(whole);
  if (whole < 3600) return RunModel::tr("%1 min").arg((whole + 30) / 60);
  return RunModel::tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, QLatin1Char('0'));
}

}  // namespace rind::models
