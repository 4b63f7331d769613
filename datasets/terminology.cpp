#include "rind/datasets/terminology.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace rind::datasets {
namespace {

struct Code {
  const char* value = "";
  const char* meaning = "";
};

constexpr Code kAnatomy = {"123037004", "Anatomical Structure"};
constexpr Code kAltered = {"49755003", "Morphologically Altered Structure"};
constexpr Code kTissue = {"85756007", "Tissue"};
constexpr Code kRight = {"24028007", "Right"};
constexpr Code kLeft = {"7771000", "Left"};
constexpr Code kNoSide = {};

/// `words`: what a class's name has to hold, in lower case.
struct Entry {
  const char* words;
  Code category;
  Code type;
};

constexpr std::array kEntries = {Entry{"spleen", kAnatomy, {"78961009", "Spleen"}},
                                 Entry{"kidney", kAnatomy, {"64033007", "Kidney"}},
                                 Entry{"gall", kAnatomy, {"28231008", "Gallbladder"}},
                                 Entry{"esophagus", kAnatomy, {"32849002", "Esophagus"}},
                                 Entry{"oesophagus", kAnatomy, {"32849002", "Esophagus"}},
                                 Entry{"liver", kAnatomy, {"10200004", "Liver"}},
                                 Entry{"stomach", kAnatomy, {"69695003", "Stomach"}},
                                 Entry{"aorta", kAnatomy, {"15825003", "Aorta"}},
                                 Entry{"postcava", kAnatomy, {"64131007", "Inferior vena cava"}},
                                 Entry{"vena cava", kAnatomy, {"64131007", "Inferior vena cava"}},
                                 Entry{"pancreas", kAnatomy, {"15776009", "Pancreas"}},
                                 Entry{"adrenal", kAnatomy, {"23451007", "Adrenal gland"}},
                                 Entry{"duodenum", kAnatomy, {"38848004", "Duodenum"}},
                                 Entry{"bladder", kAnatomy, {"89837001", "Urinary bladder"}},
                                 Entry{"lung", kAnatomy, {"39607008", "Lung"}},
                                 Entry{"heart", kAnatomy, {"80891009", "Heart"}},
                                 Entry{"brain", kAnatomy, {"12738006", "Brain"}},
                                 Entry{"bone", kAnatomy, {"272673000", "Bone"}},
                                 Entry{"necro", kAltered, {"6574001", "Necrosis"}},
                                 Entry{"edema", kAltered, {"79654002", "Edema"}},
                                 Entry{"oedema", kAltered, {"79654002", "Edema"}},
                                 Entry{"tumor", kAltered, {"108369006", "Neoplasm"}},
                                 Entry{"tumour", kAltered, {"108369006", "Neoplasm"}}};

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c == '_' ? ' ' : std::tolower(c)); });
  return text;
}

Code sideOf(const std::string& name) {
  if (name.find("right") != std::string::npos) return kRight;
  if (name.find("left") != std::string::npos) return kLeft;
  return kNoSide;
}

std::string triple(const Code& code) {
  const std::string scheme = code.value[0] == '\0' ? "" : "SCT";
  return scheme + "^" + code.value + "^" + code.meaning;
}

std::string entryText(const Code& category, const Code& type, const Code& side) {
  return "Segmentation category and type - 3D Slicer General Anatomy list~" + triple(category) + "~" +
         triple(type) + "~" + triple(side) + "~Anatomic codes - DICOM master list~^^~^^";
}

}  // namespace

std::string terminologyEntry(const std::string& class_name) {
  const std::string name = lowered(class_name);
  for (const Entry& entry : kEntries)
    if (name.find(entry.words) != std::string::npos)
      return entryText(entry.category, entry.type, sideOf(name));
  return entryText(kTissue, kTissue, kNoSide);
}

}  // namespace rind::datasets
