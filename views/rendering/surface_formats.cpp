#include "rind/rendering/surface_formats.h"

#include <vtkCellArray.h>
#include <vtkDataArray.h>
#include <vtkPointData.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace rind::rendering {
namespace {

using Vector = std::array<float, 3>;

// As 3D Slicer looks for it in headers and comments.
constexpr const char* kSpace = "Rind: surfaces in millimetres. SPACE=LPS";

Vector pointOf(vtkPolyData& mesh, vtkIdType i) {
  double p[3];
  mesh.GetPoint(i, p);
  return {static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2])};
}

Vector normalOf(vtkPolyData& mesh, vtkIdType i) {
  double n[3];
  mesh.GetPointData()->GetNormals()->GetTuple(i, n);
  return {static_cast<float>(n[0]), static_cast<float>(n[1]), static_cast<float>(n[2])};
}

template <class Visit>
void forEachTriangle(vtkPolyData& mesh, Visit visit) {
  auto* cells = mesh.GetPolys();
  vtkIdType count = 0;
  const vtkIdType* corners = nullptr;
  for (vtkIdType t = 0; t < cells->GetNumberOfCells(); ++t) {
    cells->GetCellAtId(t, count, corners);
    visit(corners);
  }
}

Vector faceNormal(const Vector& a, const Vector& b, const Vector& c) {
  const Vector u = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
  const Vector v = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
  Vector n = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
  const float length = std::hypot(n[0], n[1], n[2]);
  if (length > 0)
    for (float& part : n) part /= length;
  return n;
}

template <class Number>
void writeBytes(std::ostream& out, const Number& number) {
  out.write(reinterpret_cast<const char*>(&number), sizeof(number));
}

// A line such as "v 1.5 2 3\n"; streams would take ten times as long.
template <class Number>
void writeLine(std::ostream& out, const char* key, const std::array<Number, 3>& numbers) {
  char text[96];
  char* at = text + std::strlen(key);
  std::memcpy(text, key, std::strlen(key));
  for (const Number number : numbers) {
    *at++ = ' ';
    at = std::to_chars(at, text + sizeof(text) - 1, number).ptr;
  }
  *at++ = '\n';
  out.write(text, at - text);
}

void writeFace(std::ostream& out, const vtkIdType* points, vtkIdType first) {
  std::string line = "f";
  for (int k = 0; k < 3; ++k) {
    const std::string index = std::to_string(first + points[k]);
    line += ' ' + index + "//" + index;
  }
  out << line << '\n';
}

std::string oneLine(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return text;
}

}  // namespace

std::string oneWord(const std::string& name) {
  std::string word = name.empty() ? "organ" : name;
  for (char& c : word) {
    if (c == '/' || c == '\\') c = '-';
    if (static_cast<unsigned char>(c) <= ' ') c = '_';
  }
  return word;
}

// 80 bytes of header, the number of triangles, then for each its normal, its corners and two unused bytes.
void writeStl(std::ostream& out, const Organs& organs) {
  std::array<char, 80> header = {};
  std::strncpy(header.data(), kSpace, header.size());
  out.write(header.data(), header.size());
  std::uint32_t triangles = 0;
  for (const auto& organ : organs) triangles += static_cast<std::uint32_t>(organ.mesh.GetNumberOfPolys());
  writeBytes(out, triangles);
  for (const auto& organ : organs)
    forEachTriangle(organ.mesh, [&](const vtkIdType* corners) {
      const Vector a = pointOf(organ.mesh, corners[0]);
      const Vector b = pointOf(organ.mesh, corners[1]);
      const Vector c = pointOf(organ.mesh, corners[2]);
      writeBytes(out, faceNormal(a, b, c));
      for (const auto& corner : {a, b, c}) writeBytes(out, corner);
      writeBytes(out, std::uint16_t{0});
    });
}

void writePly(std::ostream& out, const Organs& organs) {
  vtkIdType points = 0;
  vtkIdType triangles = 0;
  out << "ply\nformat binary_little_endian 1.0\ncomment " << kSpace << "\n";
  for (const auto& [label, mesh] : organs) {
    points += mesh.GetNumberOfPoints();
    triangles += mesh.GetNumberOfPolys();
    out << "comment organ " << label.value;
    for (const std::uint8_t part : label.colour) out << ' ' << int{part};
    out << ' ' << oneLine(label.name) << "\n";
  }
  out << "element vertex " << points << "\n";
  for (const char* name : {"x", "y", "z", "nx", "ny", "nz"}) out << "property float " << name << "\n";
  for (const char* name : {"red", "green", "blue"}) out << "property uchar " << name << "\n";
  out << "element face " << triangles << "\nproperty list uchar int vertex_indices\nend_header\n";
  for (const auto& [label, mesh] : organs)
    for (vtkIdType i = 0; i < mesh.GetNumberOfPoints(); ++i) {
      writeBytes(out, pointOf(mesh, i));
      writeBytes(out, normalOf(mesh, i));
      writeBytes(out, label.colour);
    }
  std::int32_t first = 0;
  for (const auto& organ : organs) {
    forEachTriangle(organ.mesh, [&](const vtkIdType* corners) {
      writeBytes(out, std::uint8_t{3});
      for (int k = 0; k < 3; ++k) writeBytes(out, first + static_cast<std::int32_t>(corners[k]));
    });
    first += static_cast<std::int32_t>(organ.mesh.GetNumberOfPoints());
  }
}

void writeObj(std::ostream& out, const Organs& organs, const std::string& materials) {
  out << "# " << kSpace << "\nmtllib " << materials << "\n";
  vtkIdType first = 1;
  for (const auto& [label, mesh] : organs) {
    const std::string word = oneWord(label.name);
    out << "o " << word << "\ng " << word << "\nusemtl " << word << "\n";
    for (vtkIdType i = 0; i < mesh.GetNumberOfPoints(); ++i) writeLine(out, "v", pointOf(mesh, i));
    for (vtkIdType i = 0; i < mesh.GetNumberOfPoints(); ++i) writeLine(out, "vn", normalOf(mesh, i));
    forEachTriangle(mesh, [&](const vtkIdType* corners) { writeFace(out, corners, first); });
    first += mesh.GetNumberOfPoints();
  }
}

void writeMtl(std::ostream& out, const Organs& organs) {
  out << "# Rind: colours of organs\n";
  for (const auto& organ : organs) {
    out << "newmtl " << oneWord(organ.label.name) << "\n";
    std::array<float, 3> colour = {};
    for (std::size_t k = 0; k < 3; ++k) colour[k] = static_cast<float>(organ.label.colour[k]) / 255;
    writeLine(out, "Kd", colour);
  }
}

}  // namespace rind::rendering
