#pragma once

#include <map>
#include <string>
#include <vector>

namespace rind::app {

/// What --tolerance says: millimetres for all classes, or a file with one for each class.
struct Tolerances {
  std::vector<double> for_all;
  std::map<std::string, double> by_class;  ///< key: the label's number, or its name
};

/// "1", "1,2", or the name of a .json ({"1": 2, "liver": 3.5}) or .csv file (lines "class,millimetres", a
/// line of column names is skipped). Throws InputError naming --tolerance or the file.
Tolerances parseTolerances(const std::string& text);

/// By class: that of `names[j]` or of the number `labels[j]`. Throws InputError naming the first class
/// without one.
std::vector<double> tolerancePerClass(const Tolerances& tolerances, const std::vector<int>& labels,
                                      const std::map<int, std::string>& names);

}  // namespace rind::app
