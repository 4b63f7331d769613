#include "rind/core/nrrd.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::core {
namespace {

InputError damaged(const std::string& where, const std::string& what) {
  return InputError(where, what, "delete it and let Rind write it again");
}

std::string vectorText(const std::array<double, 3>& v) {
  std::ostringstream text;
  text.precision(17);
  text << "(" << v[0] << "," << v[1] << "," << v[2] << ")";
  return text.str();
}

std::array<double, 3> axisVector(const Geometry& geometry, std::size_t axis, double step) {
  return {geometry.direction[axis] * step, geometry.direction[3 + axis] * step,
          geometry.direction[6 + axis] * step};
}

/// Numbers of a header field, whatever stands between them.
std::vector<double> numbers(std::string text) {
  for (char& c : text)
    if (c == '(' || c == ')' || c == ',') c = ' ';
  std::istringstream in(text);
  std::vector<double> values;
  for (double value = 0; in >> value;) values.push_back(value);
  return values;
}

std::string field(const std::string& header, const std::string& name) {
  const auto at = header.find("\n" + name + ":");
  if (at == std::string::npos) return {};
  const auto start = at + name.size() + 2;
  return header.substr(start, header.find('\n', start) - start);
}

/// What zlib is given bit by bit, because it counts in 32 bits.
struct Pieces {
  Bytef* next = nullptr;
  std::size_t left = 0;
  std::size_t piece = 0;

  /// The next piece, where the one before is used up.
  void give(Bytef*& at, uInt& available) {
    if (available > 0) return;
    const std::size_t size = std::min(left, piece);
    at = next;
    available = static_cast<uInt>(size);
    next += size;
    left -= size;
  }
};

Geometry geometryOf(const std::string& header, const std::string& where) {
  const auto sizes = numbers(field(header, "sizes"));
  const auto directions = numbers(field(header, "space directions"));
  const auto origin = numbers(field(header, "space origin"));
  if (sizes.size() != 3 || directions.size() != 9 || origin.size() != 3)
    throw damaged(where, "has no readable header");
  Geometry geometry;
  geometry.size = {static_cast<std::int64_t>(sizes[2]), static_cast<std::int64_t>(sizes[1]),
                   static_cast<std::int64_t>(sizes[0])};
  std::array<double, 3> step = {};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (std::size_t k = 0; k < 3; ++k) step[axis] = std::hypot(step[axis], directions[3 * axis + k]);
    for (std::size_t k = 0; k < 3; ++k)
      geometry.direction[3 * k + axis] = directions[3 * axis + k] / step[axis];
  }
  geometry.spacing = {step[2], step[1], step[0]};
  geometry.origin = {origin[0], origin[1], origin[2]};
  return geometry;
}

}  // namespace

std::string nrrdHeaderText(const NrrdHeader& header) {
  const auto& g = header.geometry;
  std::ostringstream text;
  text << "NRRD0004\n# written by Rind\ntype: " << header.type
       << "\ndimension: " << (header.channels > 1 ? 4 : 3)
       << "\nspace: left-posterior-superior\nsizes: " << g.size.x << " " << g.size.y << " " << g.size.z;
  if (header.channels > 1) text << " " << header.channels;
  text << "\nspace directions: " << vectorText(axisVector(g, 0, g.spacing.x)) << " "
       << vectorText(axisVector(g, 1, g.spacing.y)) << " " << vectorText(axisVector(g, 2, g.spacing.z))
       << (header.channels > 1 ? " none" : "") << "\nkinds: domain domain domain"
       << (header.channels > 1 ? " list" : "") << "\nendian: little\nencoding: " << header.encoding
       << "\nspace origin: " << vectorText(g.origin) << "\n";
  if (!header.data_file.empty()) text << "data file: " << header.data_file << "\n";
  for (const auto& [key, value] : header.notes) text << key << ":=" << value << "\n";
  text << "\n";
  return text.str();
}

std::string compress(const void* data, std::size_t size, std::size_t piece) {
  z_stream stream = {};
  deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, size), '\0');
  Pieces in{static_cast<Bytef*>(const_cast<void*>(data)), size, piece};
  Pieces to{reinterpret_cast<Bytef*>(out.data()), out.size(), piece};
  int status = Z_OK;
  while (status == Z_OK) {
    in.give(stream.next_in, stream.avail_in);
    to.give(stream.next_out, stream.avail_out);
    status = deflate(&stream, in.left == 0 ? Z_FINISH : Z_NO_FLUSH);
  }
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("zlib cannot compress");
  return out;
}

std::vector<std::uint8_t> decompress(const std::string& data, std::size_t size, const std::string& where) {
  std::vector<std::uint8_t> out(size + 1);  // one more, so that too much is noticed
  z_stream stream = {};
  inflateInit2(&stream, 15 + 32);
  Pieces in{reinterpret_cast<Bytef*>(const_cast<char*>(data.data())), data.size(), kLargestPiece};
  Pieces to{out.data(), out.size(), kLargestPiece};
  int status = Z_OK;
  while (status == Z_OK) {
    in.give(stream.next_in, stream.avail_in);
    to.give(stream.next_out, stream.avail_out);
    status = inflate(&stream, Z_NO_FLUSH);
  }
  const std::size_t got = stream.total_out;
  inflateEnd(&stream);
  if (status != Z_STREAM_END || got != size) throw damaged(where, "is cut short or damaged");
  out.resize(size);
  return out;
}

void writeLabelNrrd(const std::filesystem::path& path, const Geometry& geometry, LabelView labels) {
  writeFileWhole(path,
                 nrrdHeaderText({geometry, "uint8", 1, "gzip", ""}) + compress(labels.data, labels.count()));
}

LabelImage readLabelNrrd(const std::filesystem::path& path) {
  const std::string content = readFile(path);
  const auto end = content.find("\n\n");
  if (content.rfind("NRRD", 0) != 0 || end == std::string::npos)
    throw damaged(path.string(), "is not a NRRD file");
  const std::string header = content.substr(0, end + 1);
  LabelImage image;
  image.geometry = geometryOf(header, path.string());
  const auto& size = image.geometry.size;
  if (size.z < 1 || size.y < 1 || size.x < 1 || size.z > 65536 || size.y > 65536 || size.x > 65536)
    throw damaged(path.string(), "claims an impossible size");
  if (static_cast<std::size_t>(size.voxels()) / 2000 > content.size())  // gzip shrinks by 1032 at most
    throw damaged(path.string(), "claims more voxels than it can hold");
  image.labels.size = size;
  image.labels.voxels =
      decompress(content.substr(end + 2), static_cast<std::size_t>(size.voxels()), path.string());
  return image;
}

}  // namespace rind::core
