#pragma once

#include <QString>
#include <QStringList>
#include <initializer_list>
#include <span>
#include <vector>

namespace rind::workbench {

// How the values of options stand on the command line.

/// "1,2.5,-3"; a number has 7 digits.
QString joined(std::span<const double> numbers);

/// Throws InputError naming `option` unless there are as many numbers as one of `counts`; `such_as` is an
/// example.
std::vector<double> numbersIn(const QString& text, const char* option, std::initializer_list<int> counts,
                              const char* such_as);

/// Where `text` stands among `words`. Throws InputError naming `option` and listing them.
int wordIn(const QString& text, const char* option, const QStringList& words);

}  // namespace rind::workbench
