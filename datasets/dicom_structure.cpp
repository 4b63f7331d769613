#include "rind/datasets/dicom_structure.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::datasets {
namespace {

constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr std::uint32_t kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD;
constexpr std::uint32_t kTransferSyntax = 0x00020010, kPixelData = 0x7FE00010;
constexpr std::uint32_t kFloatPixels = 0x7FE00008, kDoublePixels = 0x7FE00009;
constexpr int kDeepest = 32;

constexpr std::string_view kImplicit = "1.2.840.10008.1.2";
constexpr std::string_view kBigEndian = "1.2.840.10008.1.2.2";
constexpr std::string_view kDeflated = "1.2.840.10008.1.2.1.99";

bool hasLongLength(std::string_view vr) {
  return vr == "OB" || vr == "OD" || vr == "OF" || vr == "OL" || vr == "OV" || vr == "OW" || vr == "SQ" ||
         vr == "UC" || vr == "UN" || vr == "UR" || vr == "UT" || vr == "SV" || vr == "UV";
}

bool hasShortLength(std::string_view vr) {
  for (const std::string_view known : {"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO",
                                       "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"})
    if (vr == known) return true;
  return false;
}

/// What the header says of the pixels.
struct Pixels {
  std::uint64_t rows = 0, columns = 0, bits = 0, samples = 1, frames = 1;
  bool native = false;
  std::uint64_t bytes = 0;
  bool found = false;
  bool floats = false;  // a parametric map's
};

class Walk {
 public:
  Walk(std::string_view bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {}

  /// Empty, or why it is no image.
  std::string whole() {
    at_ = 132;  // after the preamble and DICM
    while (at_ < bytes_.size() && peek<std::uint16_t>() == 2) element(0);
    if (syntax_ == kBigEndian || syntax_ == kDeflated) return {};
    explicit_ = syntax_ != kImplicit;
    elements(bytes_.size(), false, 0);
    if (pixels_.floats) return "holds pixels that are no plain numbers";
    if (!pixels_.found && pixels_.rows == 0 && pixels_.columns == 0) return "holds no pixels";
    if (pixels_.samples > 1) return "is a colour image";
    checkPixels();
    return {};
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw core::InputError(where_, what, "copy or export the file again");
  }
  [[noreturn]] void failShort() const {
    fail("is cut short or damaged (an element reaches beyond the end of the file)");
  }

  void need(std::uint64_t count) const {
    if (count > bytes_.size() - at_) failShort();
  }
  template <class T>
  T peek() const {
    need(sizeof(T));
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    return value;
  }
  template <class T>
  T take() {
    const T value = peek<T>();
    at_ += sizeof(T);
    return value;
  }
  std::uint32_t takeTag() {
    const std::uint32_t group = take<std::uint16_t>();
    return group << 16 | take<std::uint16_t>();
  }

  void elements(std::size_t end, bool until_delimiter, int depth) {
    if (depth > kDeepest) fail("is nested too deeply");
    while (at_ < end)
      if (!element(depth)) {
        if (!until_delimiter) fail("is damaged (an item ends that did not begin)");
        return;
      }
    if (until_delimiter || at_ > end) failShort();
  }

  /// False for the delimiter that ends an item.
  bool element(int depth) {
    const std::uint32_t tag = takeTag();
    if (tag == kItemEnd) {
      take<std::uint32_t>();
      return false;
    }
    std::string_view vr = "UN";
    const std::uint32_t length = takeLength(vr);
    if (length == kUndefined) {
      undefinedLength(tag, vr, depth);
      return true;
    }
    need(length);
    const std::size_t end = at_ + length;
    note(tag, length, depth);
    if (vr == "SQ") items(end, false, false, depth + 1);
    at_ = end;
    return true;
  }

  std::uint32_t takeLength(std::string_view& vr) {
    if (!explicit_) return take<std::uint32_t>();
    need(2);
    vr = bytes_.substr(at_, 2);
    at_ += 2;
    if (hasShortLength(vr)) return take<std::uint16_t>();
    if (!hasLongLength(vr)) fail("is damaged (an element has no type)");
    take<std::uint16_t>();
    return take<std::uint32_t>();
  }

  void undefinedLength(std::uint32_t tag, std::string_view vr, int depth) {
    const bool fragments = tag == kPixelData;
    if (fragments && depth == 0) pixels_.found = true;
    const bool before = explicit_;
    if (vr == "UN" && !fragments) explicit_ = false;  // PS3.5, 6.2.2
    items(bytes_.size(), true, fragments, depth + 1);
    explicit_ = before;
  }

  void items(std::size_t end, bool until_delimiter, bool opaque, int depth) {
    while (at_ < end) {
      const std::uint32_t tag = takeTag();
      const auto length = take<std::uint32_t>();
      if (tag == kSequenceEnd && until_delimiter) return;
      if (tag != kItem) fail("is damaged (a sequence holds what is no item)");
      if (length == kUndefined && !opaque) {
        elements(end, true, depth);
        continue;
      }
      need(length);
      if (opaque)
        at_ += length;
      else
        elements(at_ + length, false, depth);
    }
    if (until_delimiter) failShort();
  }

  void note(std::uint32_t tag, std::uint32_t length, int depth) {
    if (depth > 0) return;
    const auto number = [&] { return length == 2 ? peek<std::uint16_t>() : std::uint16_t{0}; };
    switch (tag) {
      case kTransferSyntax:
        syntax_ = text(length);
        break;
      case 0x00280002:
        pixels_.samples = number();
        break;
      case 0x00280008:
        pixels_.frames = std::strtoull(std::string(text(length)).c_str(), nullptr, 10);
        break;
      case 0x00280010:
        pixels_.rows = number();
        break;
      case 0x00280011:
        pixels_.columns = number();
        break;
      case 0x00280100:
        pixels_.bits = number();
        break;
      case kPixelData:
        pixels_.found = pixels_.native = true, pixels_.bytes = length;
        break;
      case kFloatPixels:
      case kDoublePixels:
        pixels_.floats = true;
        break;
      default:
        break;
    }
  }

  std::string_view text(std::uint32_t length) const {
    std::string_view value = bytes_.substr(at_, length);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.remove_suffix(1);
    return value;
  }

  void checkPixels() const {
    const auto& p = pixels_;
    if (!p.found) fail("holds no pixels");
    if (p.rows == 0 || p.columns == 0 || p.bits == 0 || p.samples == 0 || p.frames == 0 ||
        p.frames > 1'000'000)
      fail("says nothing of its size");
    if (p.native && p.bytes < (p.rows * p.columns * p.samples * p.frames * p.bits + 7) / 8)
      fail("holds fewer pixels than its header says");
  }

  std::string_view bytes_;
  std::string where_;
  std::size_t at_ = 0;
  bool explicit_ = true;
  std::string_view syntax_;
  Pixels pixels_;
};

}  // namespace

std::string requireWholeDicom(const std::filesystem::path& path) {
  const std::string content = core::readFile(path);
  if (content.size() < 140 || content.compare(128, 4, "DICM") != 0)
    throw core::InputError(path.string(), "is not a DICOM file (no DICM at byte 128)",
                           "copy or export the file again");
  return Walk(content, path.string()).whole();
}

}  // namespace rind::datasets
