#include "rind/rendering/surface_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <vtkCellArray.h>
#include <vtkCompositeDataIterator.h>
#include <vtkDataSet.h>
#include <vtkGLTFReader.h>
#include <vtkMultiBlockDataSet.h>
#include <vtkNew.h>
#include <vtkOBJReader.h>
#include <vtkPLYReader.h>
#include <vtkPointData.h>
#include <vtkSTLReader.h>
#include <vtkStringArray.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::rendering {
namespace {

namespace fs = std::filesystem;
using core::Index3;
using testing::HasSubstr;

/// Of the voxels' volume: what smoothing may take from, or add to, an organ of some thousand voxels.
constexpr double kVolumeTolerance = 0.02;
/// Millimetres: where an organ's middle may lie beside its voxels' middle.
constexpr double kPlaceTolerance = 0.1;

using Point = std::array<double, 3>;

struct Solid {
  double volume = 0;  // positive where its triangles face outwards
  Point middle = {};
};

/// By the divergence theorem: tetrahedra from the origin to each triangle.
Solid solidOf(vtkPolyData& mesh) {
  Solid solid;
  vtkNew<vtkIdList> corners;
  for (vtkIdType t = 0; t < mesh.GetNumberOfCells(); ++t) {
    mesh.GetCellPoints(t, corners);
    double p[3][3];
    for (int k = 0; k < 3; ++k) mesh.GetPoint(corners->GetId(k), p[k]);
    const double part = (p[0][0] * (p[1][1] * p[2][2] - p[1][2] * p[2][1]) -
                         p[0][1] * (p[1][0] * p[2][2] - p[1][2] * p[2][0]) +
                         p[0][2] * (p[1][0] * p[2][1] - p[1][1] * p[2][0])) /
                        6;
    solid.volume += part;
    for (std::size_t k = 0; k < 3; ++k) solid.middle[k] += part * (p[0][k] + p[1][k] + p[2][k]) / 4;
  }
  for (double& part : solid.middle) part /= solid.volume;
  return solid;
}

/// Two balls, "liver" around (z 14, y 14, x 14) with radius 10 and "left/right" around (14, 14, 36) with
/// radius 8 (voxels), in a grid that lies askew.
class SurfaceFiles : public testing::Test {
 protected:
  SurfaceFiles() {
    geometry.size = {30, 30, 48};
    geometry.spacing = {2, 1, 1.5};
    geometry.origin = {-80, 40, 300};
    const double c = std::cos(0.5);
    const double s = std::sin(0.5);
    geometry.direction = {c, -s, 0, s * c, c * c, -s, s * s, s * c, c};  // about z, then about x
    labels = core::LabelVolume(geometry.size);
    for (std::int64_t z = 0; z < 30; ++z)
      for (std::int64_t y = 0; y < 30; ++y)
        for (std::int64_t x = 0; x < 48; ++x) {
          const auto inside = [&](std::int64_t cx, std::int64_t r) {
            return (z - 14) * (z - 14) + (y - 14) * (y - 14) + (x - cx) * (x - cx) <= r * r;
          };
          if (inside(14, 10)) labels[{z, y, x}] = 1;
          if (inside(36, 8)) labels[{z, y, x}] = 2;
        }
  }

  std::vector<fs::path> write(const std::string& name) {
    const std::atomic<bool> cancel = false;
    const auto surfaces = makeWholeSurfaces(labels, geometry, {false, true, true}, cancel);
    return writeSurfaces(folder / name, surfaces, classes);
  }

  double voxelVolume(int label) const {
    return 3.0 * static_cast<double>(std::count(labels.voxels.begin(), labels.voxels.end(), label));
  }
  Point middle(int label) const {
    const double x = label == 1 ? 14 : 36;
    return core::pointAlong(geometry, {x * 1.5, 14 * 1.0, 14 * 2.0});
  }
  void expectOrgan(const Solid& solid, int label) const {
    EXPECT_NEAR(solid.volume / voxelVolume(label), 1, kVolumeTolerance);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(solid.middle[k], middle(label)[k], kPlaceTolerance) << k;
  }
  void expectBoth(vtkPolyData& mesh) const {
    const double volume = voxelVolume(1) + voxelVolume(2);
    const Solid solid = solidOf(mesh);
    EXPECT_NEAR(solid.volume / volume, 1, kVolumeTolerance);
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(solid.middle[k], (middle(1)[k] * voxelVolume(1) + middle(2)[k] * voxelVolume(2)) / volume,
                  kPlaceTolerance);
  }

  test_support::TemporaryFolder folder;
  core::Geometry geometry;
  core::LabelVolume labels;
  core::LabelSet classes = core::makeLabelSet({{0, "background"}, {6, "liver"}, {7, "left/right"}});
};

template <class Reader>
vtkSmartPointer<vtkPolyData> read(const fs::path& file) {
  vtkNew<Reader> reader;
  reader->SetFileName(file.c_str());
  reader->Update();
  return reader->GetOutput();
}

TEST_F(SurfaceFiles, StlIsBinaryInLpsAndMillimetres) {
  EXPECT_EQ(write("all.stl"), std::vector{folder / "all.stl"});
  const std::string bytes = core::readFile(folder / "all.stl");
  EXPECT_THAT(bytes.substr(0, 80), HasSubstr("SPACE=LPS"));
  EXPECT_NE(bytes.substr(0, 5), "solid") << "readers would take it for text";
  expectBoth(*read<vtkSTLReader>(folder / "all.stl"));
}

TEST_F(SurfaceFiles, AMirroredGridStillFacesOutwards) {
  for (const std::size_t k : {0U, 3U, 6U}) geometry.direction[k] *= -1;
  write("all.stl");
  expectBoth(*read<vtkSTLReader>(folder / "all.stl"));
}

TEST_F(SurfaceFiles, EachOrganCanHaveAFileOfItsOwn) {
  const auto files = write("one_{organ}.stl");
  ASSERT_EQ(files, (std::vector{folder / "one_liver.stl", folder / "one_left-right.stl"}));
  expectOrgan(solidOf(*read<vtkSTLReader>(files[0])), 1);
  expectOrgan(solidOf(*read<vtkSTLReader>(files[1])), 2);
}

TEST_F(SurfaceFiles, PlyHasColoursAndNamesInComments) {
  write("all.ply");
  vtkNew<vtkPLYReader> reader;
  reader->SetFileName((folder / "all.ply").c_str());
  reader->Update();
  expectBoth(*reader->GetOutput());
  std::string comments;
  for (vtkIdType i = 0; i < reader->GetComments()->GetNumberOfValues(); ++i)
    comments += reader->GetComments()->GetValue(i) + "\n";
  EXPECT_THAT(comments, HasSubstr("SPACE=LPS"));
  EXPECT_THAT(comments, HasSubstr("organ 6 178 88 72 liver"));
  EXPECT_THAT(comments, HasSubstr("left/right"));
  auto* colours = reader->GetOutput()->GetPointData()->GetScalars();
  ASSERT_NE(colours, nullptr);
  EXPECT_EQ(colours->GetComponent(0, 0), 178);
  EXPECT_EQ(colours->GetComponent(0, 2), 72);
  EXPECT_EQ(colours->GetComponent(colours->GetNumberOfTuples() - 1, 0), classes[2].colour[0]);
}

TEST_F(SurfaceFiles, ObjHasAnObjectAndAMaterialAnOrgan) {
  EXPECT_EQ(write("all.obj"), (std::vector{folder / "all.obj", folder / "all.mtl"}));
  const std::string text = core::readFile(folder / "all.obj");
  for (const char* line : {"SPACE=LPS", "mtllib all.mtl\n", "o liver\n", "usemtl left-right\n"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_THAT(core::readFile(folder / "all.mtl"), HasSubstr("newmtl liver\nKd 0.69803"));
  auto mesh = read<vtkOBJReader>(folder / "all.obj");
  expectBoth(*mesh);
  ASSERT_NE(mesh->GetPointData()->GetNormals(), nullptr);
}

nlohmann::json documentOf(const fs::path& file) {
  const std::string bytes = core::readFile(file);
  if (file.extension() == ".gltf") return nlohmann::json::parse(bytes);
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 12, 4);
  EXPECT_EQ(bytes.substr(0, 4), "glTF");
  return nlohmann::json::parse(bytes.substr(20, length));
}

TEST_F(SurfaceFiles, GltfIsInMetresWithYUpAndNamesEachOrgan) {
  for (const char* name : {"all.gltf", "all.glb"}) {
    SCOPED_TRACE(name);
    write(name);
    const auto document = documentOf(folder / name);
    EXPECT_EQ(document["nodes"][0]["name"], "liver");
    EXPECT_EQ(document["nodes"][1]["name"], "left/right");
    EXPECT_EQ(document["nodes"][1]["extras"]["label"], 7);
    EXPECT_NEAR(document["materials"][0]["pbrMetallicRoughness"]["baseColorFactor"][0], 0.445, 0.001)
        << "178 of 255 in linear light";
    vtkNew<vtkGLTFReader> reader;
    reader->SetFileName((folder / name).c_str());
    reader->Update();
    auto iterator = vtkSmartPointer<vtkCompositeDataIterator>::Take(reader->GetOutput()->NewIterator());
    int label = 0;
    for (iterator->InitTraversal(); !iterator->IsDoneWithTraversal(); iterator->GoToNextItem()) {
      Solid solid = solidOf(*vtkPolyData::SafeDownCast(iterator->GetCurrentDataObject()));
      solid.volume *= 1e9;
      solid.middle = {1000 * solid.middle[0], -1000 * solid.middle[2], 1000 * solid.middle[1]};  // to LPS
      expectOrgan(solid, ++label);
    }
    EXPECT_EQ(label, 2);
  }
}

TEST_F(SurfaceFiles, AnotherExtensionOrNoOrganIsSaid) {
  EXPECT_THROW(write("all.vtk"), core::InputError);
  labels = core::LabelVolume(geometry.size);
  EXPECT_THROW(write("all.stl"), core::InputError);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(SurfaceFiles, AFullDiskLeavesWhatWasThere) {
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  for (const char* name : {"old.stl", "old.ply", "old.obj", "old.gltf", "old.glb"})
    core::writeFileWhole(folder / name, "old");
  const rlimit little{4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &little);
  for (const char* name : {"old.stl", "old.ply", "old.obj", "old.gltf", "old.glb"})
    EXPECT_THROW(write(name), core::InputError) << name;
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_EQ(core::readFile(entry.path()), "old") << entry.path();
}

TEST_F(SurfaceFiles, OfSeveralFilesNoneIsReplacedWhereOneCannotBe) {
  core::writeFileWhole(folder / "one_liver.stl", "old");
  fs::create_directory(folder / "one_left-right.stl");
  EXPECT_THROW(write("one_{organ}.stl"), core::InputError);
  EXPECT_EQ(core::readFile(folder / "one_liver.stl"), "old");
}

}  // namespace
}  // namespace rind::rendering
