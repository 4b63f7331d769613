#include "rind/core/label_set.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace rind::core {
namespace {

using Colour = std::array<std::uint8_t, 3>;

// Organs that several data sets share keep one colour; the hues are spread so that neighbours differ in
// lightness too.
const std::map<std::string, Colour>& organColours() {
  static const std::map<std::string, Colour> colours = {{"spleen", {167, 107, 184}},
                                                        {"right kidney", {219, 152, 65}},
                                                        {"left kidney", {240, 196, 110}},
                                                        {"gall bladder", {104, 168, 84}},
                                                        {"gallbladder", {104, 168, 84}},
                                                        {"esophagus", {206, 134, 158}},
                                                        {"liver", {178, 88, 72}},
                                                        {"stomach", {229, 138, 122}},
                                                        {"aorta", {224, 62, 62}},
                                                        {"postcava", {72, 116, 204}},
                                                        {"inferior vena cava", {72, 116, 204}},
                                                        {"pancreas", {235, 214, 122}},
                                                        {"right adrenal gland", {64, 178, 168}},
                                                        {"left adrenal gland", {128, 214, 196}},
                                                        {"duodenum", {196, 172, 140}},
                                                        {"bladder", {112, 180, 226}},
                                                        {"prostate/uterus", {214, 120, 204}},
                                                        {"anterior", {230, 126, 60}},
                                                        {"posterior", {70, 150, 214}}};
  return colours;
}

constexpr std::array<Colour, 12> kTurns = {{{230, 126, 60},
                                            {70, 150, 214},
                                            {108, 180, 96},
                                            {206, 92, 126},
                                            {236, 200, 90},
                                            {142, 110, 196},
                                            {84, 190, 182},
                                            {190, 116, 76},
                                            {224, 150, 190},
                                            {132, 152, 70},
                                            {110, 130, 230},
                                            {214, 86, 74}}};

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c == '_' ? ' ' : std::tolower(c)); });
  return text;
}

}  // namespace

LabelSet makeLabelSet(const std::vector<std::pair<int, std::string>>& values_and_names) {
  LabelSet labels;
  std::size_t turn = 0;
  for (const auto& [value, name] : values_and_names) {
    Label label{value, name, {0, 0, 0}};
    const auto known = organColours().find(lowered(name));
    if (known != organColours().end())
      label.colour = known->second;
    else if (!labels.empty())
      label.colour = kTurns[turn++ % kTurns.size()];
    labels.push_back(label);
  }
  return labels;
}

bool haveSameClasses(const LabelSet& a, const LabelSet& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Label& one, const Label& other) {
    return one.name == other.name && one.value == other.value;
  });
}

}  // namespace rind::core
