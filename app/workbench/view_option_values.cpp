#include "rind/workbench/view_option_values.h"

#include <algorithm>
#include <cmath>

#include "rind/core/error.h"

namespace rind::workbench {

QString joined(std::span<const double> numbers) {
  QStringList parts;
  for (const double number : numbers) parts << QString::number(number, 'g', 7);
  return parts.join(',');
}

std::vector<double> numbersIn(const QString& text, const char* option, std::initializer_list<int> counts,
                              const char* such_as) {
  std::vector<double> numbers;
  bool good = true;
  for (const auto& part : text.split(',')) {
    bool read = false;
    numbers.push_back(part.toDouble(&read));
    good = good && read && std::isfinite(numbers.back());
  }
  if (!good || std::find(counts.begin(), counts.end(), static_cast<int>(numbers.size())) == counts.end())
    throw core::InputError(option, "cannot be \"" + text.toStdString() + "\"",
                           std::string("give it as in ") + option + " " + such_as);
  return numbers;
}

int wordIn(const QString& text, const char* option, const QStringList& words) {
  const auto at = words.indexOf(text);
  if (at < 0)
    throw core::InputError(option, "cannot be \"" + text.toStdString() + "\"",
                           "choose one of: " + words.join(", ").toStdString());
  return static_cast<int>(at);
}

}  // namespace rind::workbench
