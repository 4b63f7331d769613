#include "rind/rendering/surface_files.h"

#include <algorithm>
#include <set>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/text.h"
#include "rind/rendering/surface_formats.h"

namespace rind::rendering {
namespace {

namespace fs = std::filesystem;

std::string extensionOf(const fs::path& path) {
  return core::lowered(path.extension().string());
}

struct File {
  fs::path path;
  Organs organs;
};

std::vector<File> filesOf(const fs::path& path, const Organs& organs) {
  const std::string name = path.filename().string();
  const auto place = name.find(kOrganPlace);
  if (place == std::string::npos) return {{path, organs}};
  std::vector<File> files;
  std::set<std::string> taken;
  for (const auto& organ : organs) {
    std::string word = oneWord(organ.label.name);
    if (!taken.insert(word).second) word.append("_").append(std::to_string(organ.label.value));
    std::string own = name;
    own.replace(place, std::string(kOrganPlace).size(), word);
    files.push_back({path.parent_path() / own, {organ}});
  }
  return files;
}

// The materials' file goes first into place: an object without its colours is worse than one too many.
void writeObjWhole(const fs::path& path, const Organs& organs, const std::function<void()>& then) {
  const fs::path materials = fs::path(path).replace_extension(".mtl");
  core::writeFileWhole(path, [&](std::ostream& out) {
    writeObj(out, organs, materials.filename().string());
    if (!out.flush()) return;  // said at the file's end
    core::writeFileWhole(materials, [&](std::ostream& colours) {
      writeMtl(colours, organs);
      if (colours.flush()) then();
    });
  });
}

// Each file's temporary stays open until the next ones are complete: only then they take their names.
void writeFrom(const std::vector<File>& files, std::size_t first) {
  if (first == files.size()) return;
  const auto& [path, organs] = files[first];
  const auto then = [&files, first] { writeFrom(files, first + 1); };
  const std::string extension = extensionOf(path);
  if (extension == ".obj") {
    writeObjWhole(path, organs, then);
    return;
  }
  const auto write = extension == ".stl"   ? writeStl
                     : extension == ".ply" ? writePly
                     : extension == ".glb" ? writeGlb
                                           : writeGltf;
  core::writeFileWhole(path, [&, &of = organs](std::ostream& out) {
    write(out, of);
    if (out.flush()) then();  // else the file says at its end what went wrong
  });
}

}  // namespace

const std::vector<SurfaceFormat>& surfaceFormats() {
  static const std::vector<SurfaceFormat> formats = {{".stl", "STL"},
                                                     {".ply", "PLY"},
                                                     {".obj", "Wavefront OBJ"},
                                                     {".glb", "glTF, binary"},
                                                     {".gltf", "glTF, text"}};
  return formats;
}

void requireSurfaceFile(const fs::path& path) {
  const std::string extension = extensionOf(path);
  const auto& formats = surfaceFormats();
  if (std::none_of(formats.begin(), formats.end(),
                   [&](const auto& one) { return extension == one.extension; }))
    throw core::InputError(path.string(), "has no extension of a surface",
                           "use .stl, .ply, .obj, .glb or .gltf");
}

std::vector<fs::path> writeSurfaces(const fs::path& path, const std::vector<Surface>& surfaces,
                                    const core::LabelSet& labels) {
  requireSurfaceFile(path);
  if (surfaces.empty())
    throw core::InputError(path.string(), "there is no organ to write", "give a label map that holds one");
  Organs organs;
  for (const auto& surface : surfaces)
    organs.push_back({labels.at(static_cast<std::size_t>(surface.label)), *surface.mesh});
  const auto files = filesOf(path, organs);
  writeFrom(files, 0);
  std::vector<fs::path> written;
  for (const auto& file : files) {
    written.push_back(file.path);
    if (extensionOf(file.path) == ".obj") written.push_back(fs::path(file.path).replace_extension(".mtl"));
  }
  return written;
}

}  // namespace rind::rendering
