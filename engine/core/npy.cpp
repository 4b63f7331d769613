#include "rind/core/npy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string_view>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/memory.h"

namespace rind::core {
namespace {

constexpr std::array<const char*, 10> kTypes = {"u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"};
constexpr std::int64_t kMostElements = std::int64_t{1} << 40;

std::size_t itemSize(const std::string& type) {
  return static_cast<std::size_t>(type[1] - '0');
}

template <class Stored, class T>
std::vector<T> convert(const NpyArray& array) {
  std::vector<T> out(static_cast<std::size_t>(array.elements()));
  const std::byte* at = array.bytes.data();
  for (T& value : out) {
    Stored stored;
    std::memcpy(&stored, at, sizeof stored);
    value = static_cast<T>(stored);  // NOLINT(bugprone-signed-char-misuse): i1 is a number
    at += sizeof stored;
  }
  return out;
}

constexpr std::size_t kLongestHeader = 1 << 16;

InputError unreadable(const std::string& where, const std::string& what) {
  return InputError(where, what, "save it again with numpy.save");
}

/// Bytes of a file that has to hold them.
std::string take(std::istream& file, std::size_t bytes, const std::string& where) {
  std::string taken(bytes, '\0');
  if (!file.read(taken.data(), static_cast<std::streamsize>(bytes)))
    throw unreadable(where, "is not a NumPy .npy file, or is cut short in its header");
  return taken;
}

/// The text of the header; `file` stands behind it.
std::string headerOf(std::istream& file, const std::string& where) {
  const std::string start = take(file, 8, where);
  if (start.compare(0, 6, "\x93NUMPY", 6) != 0) throw unreadable(where, "is not a NumPy .npy file");
  const int major = static_cast<unsigned char>(start[6]);
  if (major < 1 || major > 3) throw unreadable(where, "has an .npy version that is not known");
  std::size_t length = 0, shift = 0;
  for (const char byte : take(file, major == 1 ? 2 : 4, where)) {
    length |= static_cast<std::size_t>(static_cast<unsigned char>(byte)) << shift;
    shift += 8;
  }
  if (length > kLongestHeader) throw unreadable(where, "has a header that is longer than any");
  return take(file, length, where);
}

/// What follows "'key':" in the header, blanks apart; empty where the key is not there.
std::string_view valueOf(std::string_view header, std::string_view key) {
  const auto at = header.find(key);
  if (at == std::string_view::npos) return {};
  header.remove_prefix(at + key.size());
  const auto value = header.find_first_not_of(" :");
  return value == std::string_view::npos ? std::string_view() : header.substr(value);
}

/// "<f4" of "'<f4', …".
std::string_view typeOf(std::string_view header, const std::string& where) {
  const std::string_view value = valueOf(header, "'descr'");
  const bool plain = value.size() > 4 && value[0] == '\'' && value[4] == '\'' &&
                     std::string_view("<>|=").find(value[1]) != std::string_view::npos;
  if (!plain)
    throw InputError(where, "has elements that are no plain numbers", "save it as an integer or float array");
  return value.substr(1, 3);
}

std::vector<std::int64_t> shapeOf(std::string_view header, const std::string& where) {
  std::string_view text = valueOf(header, "'shape'");
  const auto end = text.find(')');
  if (text.empty() || text[0] != '(' || end == std::string_view::npos)
    throw unreadable(where, "names no shape");
  text = text.substr(1, end - 1);
  std::vector<std::int64_t> shape;
  std::int64_t elements = 1;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
    if (text.empty()) return shape;
    std::int64_t extent = -1;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), extent);
    if (error != std::errc() || extent < 0 || extent > kMostElements / std::max<std::int64_t>(elements, 1))
      throw unreadable(where, "claims an impossible shape");
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    shape.push_back(extent);
    elements *= extent;
  }
}

void reverseBytes(NpyArray& array) {
  const std::size_t size = itemSize(array.type);
  for (std::size_t at = 0; at + size <= array.bytes.size(); at += size)
    std::reverse(array.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 array.bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
}

/// Fortran order to C order.
void transpose(NpyArray& array) {
  const std::size_t size = itemSize(array.type);
  const std::size_t rank = array.shape.size();
  std::vector<std::byte> out(array.bytes.size());
  std::vector<std::int64_t> index(rank, 0);
  for (std::size_t to = 0; to < out.size(); to += size) {
    std::int64_t from = 0;
    for (std::size_t axis = rank; axis-- > 0;) from = from * array.shape[axis] + index[axis];
    std::memcpy(&out[to], &array.bytes[static_cast<std::size_t>(from) * size], size);
    for (std::size_t axis = rank; axis-- > 0;) {
      if (++index[axis] < array.shape[axis]) break;
      index[axis] = 0;
    }
  }
  array.bytes = std::move(out);
}

}  // namespace

std::int64_t NpyArray::elements() const {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  return count;
}

template <class T>
std::vector<T> NpyArray::as() const {
  if (type == "u1") return convert<std::uint8_t, T>(*this);
  if (type == "i1") return convert<std::int8_t, T>(*this);
  if (type == "u2") return convert<std::uint16_t, T>(*this);
  if (type == "i2") return convert<std::int16_t, T>(*this);
  if (type == "u4") return convert<std::uint32_t, T>(*this);
  if (type == "i4") return convert<std::int32_t, T>(*this);
  if (type == "u8") return convert<std::uint64_t, T>(*this);
  if (type == "i8") return convert<std::int64_t, T>(*this);
  if (type == "f4") return convert<float, T>(*this);
  return convert<double, T>(*this);
}
template std::vector<std::uint8_t> NpyArray::as() const;
template std::vector<std::int16_t> NpyArray::as() const;
template std::vector<std::int32_t> NpyArray::as() const;
template std::vector<std::uint32_t> NpyArray::as() const;
template std::vector<std::int64_t> NpyArray::as() const;
template std::vector<float> NpyArray::as() const;
template std::vector<double> NpyArray::as() const;

NpyArray readNpy(const std::filesystem::path& path) {
  const std::string where = path.string();
  std::error_code status;
  const auto size = std::filesystem::file_size(path, status);
  std::ifstream file;
  if (!status) file.open(path, std::ios::binary);  // a pipe has no size, and would be waited for
  if (!file.is_open())
    throw InputError(where, "cannot be read" + (status ? " (" + status.message() + ")" : ""),
                     "check the name, that it is a file and that you may read it");
  const std::string header = headerOf(file, where);
  NpyArray array;
  const std::string_view type = typeOf(header, where);
  array.type = type.substr(1) == "b1" ? "u1" : type.substr(1);
  if (std::find(kTypes.begin(), kTypes.end(), array.type) == kTypes.end())
    throw InputError(where, "has elements of type " + array.type, "save it as an integer or float array");
  array.shape = shapeOf(header, where);
  const auto expected = static_cast<std::size_t>(array.elements()) * itemSize(array.type);
  if (size - static_cast<std::uintmax_t>(file.tellg()) < expected)
    throw InputError(where, "is cut short",
                     "copy it again: " + std::to_string(expected) + " bytes of data are missing some");
  requireMemory(where, "an array of " + std::to_string(expected) + " bytes", static_cast<double>(expected));
  array.bytes.resize(expected);
  if (!file.read(reinterpret_cast<char*>(array.bytes.data()), static_cast<std::streamsize>(expected)))
    throw InputError(where, "cannot be read to its end", "copy it again");
  if (type[0] == '>') reverseBytes(array);
  if (valueOf(header, "'fortran_order'").substr(0, 4) == "True") transpose(array);
  return array;
}

void writeNpy(const std::filesystem::path& path, const std::string& type,
              const std::vector<std::int64_t>& shape, const void* data) {
  std::string header = "{'descr': '" + std::string(itemSize(type) == 1 ? "|" : "<") + type +
                       "', 'fortran_order': False, 'shape': (";
  std::size_t bytes = itemSize(type);
  for (const auto extent : shape) {
    header += std::to_string(extent) + ", ";
    bytes *= static_cast<std::size_t>(extent);
  }
  header += "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');  // data begins at a multiple of 64
  header += '\n';
  writeFileWhole(path, [&](std::ostream& file) {
    file.write("\x93NUMPY\x01\x00", 8);
    file.put(static_cast<char>(header.size() & 0xFF));
    file.put(static_cast<char>(header.size() >> 8));
    file << header;
    file.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  });
}

}  // namespace rind::core
