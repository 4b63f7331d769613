#pragma once

#include <filesystem>
#include <vector>

#include "rind/core/label_set.h"
#include "rind/rendering/surfaces.h"

namespace rind::rendering {

/// The formats of a surface, in the order a dialog lists them.
struct SurfaceFormat {
  const char* extension;  // ".stl"
  const char* title;      // "STL", "glTF, one file"
};
const std::vector<SurfaceFormat>& surfaceFormats();

/// Where a name holds this, each organ is written to a file of its own that has the organ's name there.
constexpr const char* kOrganPlace = "{organ}";

/// Writes surfaces (millimetres, LPS) in the format of the extension. An organ is an object of its own with
/// name and colour of `labels` (index = surface's label) where the format can hold them:
///
///   .stl         binary; millimetres, LPS, "SPACE=LPS" in the header as 3D Slicer reads it; all organs in
///   one
///                file without names or colours, so better with `{organ}` in the name
///   .ply         binary; the same space; colours at the points, names in comments
///   .obj (+ .mtl beside it)  text; the same space; one object and one material an organ
///   .gltf, .glb  metres, y up, the face towards +z (glTF 2.0, 3.4); one mesh, node and material an organ
///
/// Every file is written whole or not at all; of several none is replaced before all are complete. Returns
/// what was written. Throws InputError: no surface, another extension, a folder that cannot be written.
std::vector<std::filesystem::path> writeSurfaces(const std::filesystem::path& path,
                                                 const std::vector<Surface>& surfaces,
                                                 const core::LabelSet& labels);

/// Throws InputError naming `path` where its extension is none of surfaceFormats().
void requireSurfaceFile(const std::filesystem::path& path);

}  // namespace rind::rendering
