#include "rind/datasets/text_header.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "rind/core/error.h"
#include "rind/core/text.h"

namespace rind::datasets {
namespace {

constexpr std::size_t kLongestHeader = 1 << 20;
constexpr std::size_t kMostFiles = 1 << 20;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The file's bytes one by one; nothing after the last.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& path)
      : file_(path, 0, Packing::none), left_(static_cast<std::size_t>(file_.left())) {}

  std::optional<std::string> next() {
    if (left_ == 0) return {};
    std::string line;
    while (left_ > 0) {
      char c = 0;
      file_.read(&c, 1);
      --left_;
      ++read_;
      if (c == '\n') break;
      line += c;
      if (read_ > kLongestHeader) return {};
    }
    return line;
  }
  std::size_t read() const { return read_; }

 private:
  GzipReader file_;
  std::size_t left_;
  std::size_t read_ = 0;
};

}  // namespace

std::string TextHeader::value(const std::string& key) const {
  const auto found = fields.find(key);
  return found == fields.end() ? "" : found->second;
}

std::vector<double> TextHeader::numbers(const std::string& key) const {
  const auto found = numbersIn(value(key));
  if (found) return *found;
  throw core::InputError(file, "has a field \"" + key + "\" that is no list of numbers",
                         "correct its header, or convert the file again");
}

std::optional<std::vector<double>> numbersIn(std::string_view text) {
  std::vector<double> values;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n(),+"), text.size()));
    if (text.empty()) return values;
    double value = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return {};
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    values.push_back(value);
  }
}

std::vector<std::string> namesOfPattern(const std::string& text, const std::string& where) {
  const std::size_t percent = text.find('%'), letter = text.find('d', percent);
  const std::size_t blank = text.find_first_of(" \t", letter == std::string::npos ? 0 : letter);
  const std::string width =
      letter == std::string::npos ? "?" : text.substr(percent + 1, letter - percent - 1);
  const auto range = numbersIn(blank == std::string::npos ? "?" : text.substr(blank));
  const bool known =
      width.size() <= 2 && width.find_first_not_of("0123456789") == std::string::npos && range &&
      !range->empty() && range->size() <= 3 &&
      std::all_of(range->begin(), range->end(), [](double n) { return n >= 0 && n < kMostFiles; });
  if (!known)
    throw core::InputError(where, "names its data files in a way that is not known",
                           "copy or convert the file again");
  const auto at = [&](std::size_t k) {
    return k < range->size() ? static_cast<std::size_t>(range->at(k)) : 1;
  };
  const std::size_t digits = width.empty() ? 0 : std::stoul(width);
  std::vector<std::string> names;
  for (std::size_t i = at(0); i <= at(1); i += std::max<std::size_t>(1, at(2))) {
    std::string number = std::to_string(i);
    if (number.size() < digits) number.insert(0, digits - number.size(), width.front() == '0' ? '0' : ' ');
    names.push_back(text.substr(0, percent) + number + text.substr(letter + 1, blank - letter - 1));
  }
  return names;
}

std::vector<std::filesystem::path> besideHeader(const std::filesystem::path& header,
                                                const std::vector<std::string>& names) {
  std::vector<std::filesystem::path> files;
  for (const auto& name : names) files.push_back(header.parent_path() / name);
  return files;
}

TextHeader readTextHeader(const std::filesystem::path& path, char separator, const std::string& last_key) {
  TextHeader header{path.string()};
  Lines lines(path);
  while (const auto line = lines.next()) {
    if (lines.read() > kLongestHeader) break;
    const std::string text = trimmed(*line);
    if (header.first_line.empty()) header.first_line = text.empty() ? "-" : text;
    header.data_offset = lines.read();
    if (text.empty() && last_key.empty()) return header;
    const auto at = text.find(separator);
    if (at == std::string::npos || text.front() == '#') continue;
    const std::string key = core::lowered(trimmed(text.substr(0, at)));
    header.fields[key] = trimmed(text.substr(at + 1));
    if (key == last_key) return header;
  }
  if (lines.read() > kLongestHeader)
    throw core::InputError(path.string(), "has no readable header", "copy or convert the file again");
  return header;
}

std::vector<std::int64_t> wholeExtents(const std::vector<double>& numbers, std::size_t count,
                                       const std::string& where) {
  std::vector<std::int64_t> extents;
  for (const double number : numbers)
    if (number >= 1 && number < 1e9 && number == std::floor(number))
      extents.push_back(static_cast<std::int64_t>(number));
  if (extents.size() != count || numbers.size() != count)
    throw core::InputError(where, "claims an impossible size, or none", "copy or convert the file again");
  return extents;
}

namespace {

/// Numbers in words: any stored type becomes float64.
void readWords(GzipReader& file, RawVolume& raw, const std::string& where) {
  constexpr std::size_t kLongestNumber = 32;
  const auto count = static_cast<std::size_t>(raw.geometry.size.voxels() * raw.channels);
  std::string text(static_cast<std::size_t>(file.left()), '\0');
  if (text.size() / kLongestNumber > count)
    throw core::InputError(where, "holds more text than its voxels need", "copy or convert the file again");
  file.read(text.data(), text.size());
  const auto numbers = numbersIn(text);
  if (!numbers || numbers->size() < count)
    throw core::InputError(where, "holds fewer numbers than voxels, or what is no number",
                           "copy or convert the file again");
  raw.type = VoxelType::f64;
  raw.bytes.resize(count * sizeof(double));
  std::memcpy(raw.bytes.data(), numbers->data(), raw.bytes.size());
}

}  // namespace

void readVoxels(const VoxelData& data, RawVolume& raw, const std::string& where) {
  std::error_code status;
  if (!std::filesystem::is_regular_file(data.file, status))
    throw core::InputError(where,
                           "names the data file " + data.file.filename().string() + ", which is not there",
                           "put it beside the header");
  GzipReader file(data.file, data.offset, data.packing);
  const ClaimedSize claimed{raw.geometry.size, raw.channels, data.as_text ? 1 : bytesOf(raw.type),
                            file.left()};
  const std::size_t bytes = checkedBytes(claimed, where);
  if (data.skip > 0 && static_cast<double>(data.skip + static_cast<std::int64_t>(bytes)) > file.left())
    throw core::InputError(where, "is cut short", "copy or download the file again");
  if (data.skip != 0)
    file.skip(data.skip > 0 ? static_cast<std::size_t>(data.skip)
                            : static_cast<std::size_t>(file.left()) - bytes);
  if (data.as_text) return readWords(file, raw, where);
  raw.bytes.resize(bytes);
  file.read(raw.bytes.data(), raw.bytes.size());
  file.finish();
  const auto size = static_cast<std::ptrdiff_t>(bytesOf(raw.type));
  if (data.big_endian && size > 1)
    for (auto at = raw.bytes.begin(); at != raw.bytes.end(); at += size) std::reverse(at, at + size);
}

}  // namespace rind::datasets
