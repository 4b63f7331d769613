#include <vtkCellArray.h>
#include <vtkDataArray.h>
#include <vtkPointData.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "rind/core/text.h"
#include "rind/rendering/surface_formats.h"

namespace rind::rendering {
namespace {

using nlohmann::json;

// Numbers of the specification (glTF 2.0, 5.1 and 5.11).
constexpr int kFloat = 5126;
constexpr int kUnsigned = 5125;
constexpr int kPointData = 34962;
constexpr int kIndices = 34963;
constexpr std::uint32_t kGlbMagic = 0x46546C67;
constexpr std::uint32_t kJsonChunk = 0x4E4F534A;
constexpr std::uint32_t kBinaryChunk = 0x004E4942;

struct Scene {
  json document;
  std::string numbers;
};

/// LPS (x left, y posterior, z superior) as glTF has it: y up, the front towards +z, +x to the left of it.
std::array<float, 3> turned(const double* lps, double scale) {
  return {static_cast<float>(lps[0] * scale), static_cast<float>(lps[2] * scale),
          static_cast<float>(-lps[1] * scale)};
}

/// glTF's colours are linear light.
double linear(std::uint8_t srgb) {
  const double v = srgb / 255.0;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

/// A piece of the numbers, as glTF describes it; its number among the accessors.
std::size_t addAccessor(Scene& scene, const std::string& bytes, json accessor, int target) {
  auto& views = scene.document["bufferViews"];
  views.push_back({{"buffer", 0},
                   {"byteOffset", scene.numbers.size()},
                   {"byteLength", bytes.size()},
                   {"target", target}});
  scene.numbers += bytes;  // of four bytes each, so the next one is aligned
  accessor["bufferView"] = views.size() - 1;
  scene.document["accessors"].push_back(std::move(accessor));
  return scene.document["accessors"].size() - 1;
}

template <class Number>
void append(std::string& bytes, const Number& number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

std::size_t addPositions(Scene& scene, vtkPolyData& mesh) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::array<float, 3> low = {kInfinity, kInfinity, kInfinity};
  std::array<float, 3> high = {-kInfinity, -kInfinity, -kInfinity};
  std::string bytes;
  for (vtkIdType i = 0; i < mesh.GetNumberOfPoints(); ++i) {
    double lps[3];
    mesh.GetPoint(i, lps);
    const auto point = turned(lps, 0.001);
    for (std::size_t k = 0; k < 3; ++k) {
      low[k] = std::min(low[k], point[k]);
      high[k] = std::max(high[k], point[k]);
    }
    append(bytes, point);
  }
  return addAccessor(scene, bytes,
                     {{"componentType", kFloat},
                      {"count", mesh.GetNumberOfPoints()},
                      {"type", "VEC3"},
                      {"min", low},
                      {"max", high}},
                     kPointData);
}

std::size_t addNormals(Scene& scene, vtkPolyData& mesh) {
  auto* normals = mesh.GetPointData()->GetNormals();
  std::string bytes;
  for (vtkIdType i = 0; i < mesh.GetNumberOfPoints(); ++i) {
    double lps[3];
    normals->GetTuple(i, lps);
    append(bytes, turned(lps, 1));
  }
  return addAccessor(scene, bytes,
                     {{"componentType", kFloat}, {"count", mesh.GetNumberOfPoints()}, {"type", "VEC3"}},
                     kPointData);
}

std::size_t addTriangles(Scene& scene, vtkPolyData& mesh) {
  std::string bytes;
  for (vtkIdType t = 0; t < mesh.GetNumberOfPolys(); ++t) {
    vtkIdType count = 0;
    const vtkIdType* corners = nullptr;
    mesh.GetPolys()->GetCellAtId(t, count, corners);
    for (vtkIdType k = 0; k < 3; ++k) append(bytes, static_cast<std::uint32_t>(corners[k]));
  }
  return addAccessor(
      scene, bytes,
      {{"componentType", kUnsigned}, {"count", 3 * mesh.GetNumberOfPolys()}, {"type", "SCALAR"}}, kIndices);
}

void addOrgan(Scene& scene, const Organ& organ) {
  auto& document = scene.document;
  const auto& [label, mesh] = organ;
  const json attributes = {{"POSITION", addPositions(scene, mesh)}, {"NORMAL", addNormals(scene, mesh)}};
  const std::size_t at = document["meshes"].size();
  document["materials"].push_back(
      {{"name", label.name},
       {"pbrMetallicRoughness",
        {{"baseColorFactor", {linear(label.colour[0]), linear(label.colour[1]), linear(label.colour[2]), 1}},
         {"metallicFactor", 0},
         {"roughnessFactor", 0.7}}}});
  document["meshes"].push_back({{"name", label.name},
                                {"primitives",
                                 {{{"attributes", attributes},
                                   {"indices", addTriangles(scene, mesh)},
                                   {"material", at},
                                   {"mode", 4}}}}});
  document["nodes"].push_back({{"name", label.name}, {"mesh", at}, {"extras", {{"label", label.value}}}});
  document["scenes"][0]["nodes"].push_back(at);
}

Scene sceneOf(const Organs& organs) {
  Scene scene;
  scene.document["asset"] = {{"version", "2.0"},
                             {"generator", "Rind"},
                             {"extras", {{"from", "LPS millimetres: x = L/1000, y = S/1000, z = -P/1000"}}}};
  scene.document["scene"] = 0;
  scene.document["scenes"] = json::array({{{"nodes", json::array()}}});
  for (const auto* key : {"nodes", "meshes", "materials", "accessors", "bufferViews"})
    scene.document[key] = json::array();
  for (const auto& organ : organs) addOrgan(scene, organ);
  scene.document["buffers"] = json::array({{{"byteLength", scene.numbers.size()}}});
  return scene;
}

std::string textOf(const json& document) {
  return core::jsonText(document);  // a name may be no UTF-8
}

std::string base64(const std::string& bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

void writeChunk(std::ostream& out, std::uint32_t kind, const std::string& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  for (const std::uint32_t number : {size, kind}) out.write(reinterpret_cast<const char*>(&number), 4);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

void writeGltf(std::ostream& out, const Organs& organs) {
  Scene scene = sceneOf(organs);
  scene.document["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64(scene.numbers);
  out << textOf(scene.document);
}

void writeGlb(std::ostream& out, const Organs& organs) {
  Scene scene = sceneOf(organs);
  std::string text = textOf(scene.document);
  text.resize((text.size() + 3) / 4 * 4, ' ');
  const auto size = static_cast<std::uint32_t>(12 + 8 + text.size() + 8 + scene.numbers.size());
  for (const std::uint32_t number : {kGlbMagic, std::uint32_t{2}, size})
    out.write(reinterpret_cast<const char*>(&number), 4);
  writeChunk(out, kJsonChunk, text);
  writeChunk(out, kBinaryChunk, scene.numbers);
}

}  // namespace rind::rendering
