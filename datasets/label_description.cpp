#include "rind/datasets/label_description.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "rind/core/atomic_file.h"

namespace rind::datasets {
namespace {

/// A name stands between quotation marks, on one line.
std::string quoted(std::string name) {
  for (char& c : name)
    if (c == '"' || static_cast<unsigned char>(c) < ' ') c = '\'';
  return '"' + name + '"';
}

}  // namespace

void writeLabelDescription(const std::filesystem::path& path, const core::LabelSet& labels) {
  std::ostringstream text;
  text << "# ITK-SNAP label descriptions, written by Rind\n"
       << "# value  red green blue  opacity  visible  in 3D  name\n";
  for (std::size_t c = 0; c < labels.size(); ++c) {
    const core::Label& label = labels[c];
    const int shown = c > 0 ? 1 : 0;
    text << std::setw(5) << label.value;
    for (const std::uint8_t part : label.colour) text << std::setw(6) << int{part};
    text << std::setw(6) << shown << std::setw(4) << shown << std::setw(4) << shown << "    "
         << quoted(c > 0 ? label.name : "Clear Label") << "\n";
  }
  core::writeFileWhole(path, text.str());
}

}  // namespace rind::datasets
