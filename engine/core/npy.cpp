#include "rind/core/npy.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

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

struct Header {
  std::string text;
  std::size_t data_offset = 0;
};

Header headerOf(const std::string& content, const std::string& where) {
  const auto fail = [&](const std::string& what) -> InputError {
    return InputError(where, what, "save it again with numpy.save");
  };
  if (content.size() < 10 || content.compare(0, 6, "\x93NUMPY", 6) != 0)
    throw fail("is not a NumPy .npy file");
  const int major = static_cast<unsigned char>(content[6]);
  if (major < 1 || major > 3) throw fail("has an .npy version that is not known");
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i)
    length |= static_cast<std::size_t>(static_cast<unsigned char>(content[8 + i])) << (8 * i);
  const std::size_t start = 8 + length_bytes;
  if (content.size() < start || length > content.size() - start) throw fail("is cut short in its header");
  return {content.substr(start, length), start + length};
}

/// What stands after `key` and its colon in the header's dictionary; empty where the key is absent.
std::string_view valueOf(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = header.find_first_not_of(" \t", at + key.size());
  if (begin == std::string_view::npos || header[begin] != ':') return {};
  const std::size_t value = header.find_first_not_of(" \t", begin + 1);
  return value == std::string_view::npos ? std::string_view() : header.substr(value);
}

/// The type of "'<f4'", with its byte order before it: "<f4". Empty where it is a list or no such word.
std::string storedType(std::string_view descr) {
  const bool plain = descr.size() > 4 && descr[0] == '\'' && descr[4] == '\'' &&
                     std::string_view("<>|=").find(descr[1]) != std::string_view::npos;
  return plain ? std::string(descr.substr(1, 3)) : std::string();
}

std::vector<std::int64_t> shapeOf(std::string_view tuple, const std::string& where) {
  const auto fail = [&](const std::string& what) -> InputError {
    return InputError(where, what, "save it again with numpy.save");
  };
  const std::size_t end = tuple.find(')');
  if (tuple.empty() || tuple[0] != '(' || end == std::string_view::npos) throw fail("names no shape");
  std::vector<std::int64_t> shape;
  std::int64_t elements = 1;
  bool in_number = false;
  for (const char letter : tuple.substr(1, end - 1)) {
    const bool digit = letter >= '0' && letter <= '9';
    if (!digit && letter != ' ' && letter != ',') throw fail("names no shape");
    if (digit && !in_number) shape.push_back(0);
    if (digit) shape.back() = std::min(kMostElements + 1, shape.back() * 10 + (letter - '0'));
    in_number = digit;
  }
  for (const std::int64_t extent : shape) {
    const bool fits =
        extent <= kMostElements && elements <= kMostElements / std::max<std::int64_t>(extent, 1);
    if (!fits) throw fail("claims an impossible shape");
    elements *= extent;
  }
  return shape;
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
  const std::string content = readFile(path);
  const Header header = headerOf(content, where);

  NpyArray array;
  const std::string stored = storedType(valueOf(header.text, "'descr'"));
  if (stored.empty())
    throw InputError(where, "has elements that are no plain numbers", "save it as an integer or float array");
  const bool big_endian = stored[0] == '>';
  array.type = stored.substr(1) == "b1" ? "u1" : stored.substr(1);
  if (std::find(kTypes.begin(), kTypes.end(), array.type) == kTypes.end())
    throw InputError(where, "has elements of type " + array.type, "save it as an integer or float array");
  array.shape = shapeOf(valueOf(header.text, "'shape'"), where);

  const auto expected = static_cast<std::size_t>(array.elements()) * itemSize(array.type);
  if (content.size() - header.data_offset < expected)
    throw InputError(where, "is cut short",
                     "copy it again: " + std::to_string(expected) + " bytes of data are missing some");
  array.bytes.resize(expected);
  std::memcpy(array.bytes.data(), content.data() + header.data_offset, expected);
  if (big_endian) reverseBytes(array);
  if (valueOf(header.text, "'fortran_order'").substr(0, 4) == "True") transpose(array);
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
