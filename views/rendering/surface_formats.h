#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "rind/core/label_set.h"
#include "rind/rendering/surfaces.h"

namespace rind::rendering {

/// A surface with the name and colour it is written with; borrowed.
struct Organ {
  const core::Label& label;
  vtkPolyData& mesh;  // triangles with normals at the points; millimetres, LPS
};
using Organs = std::vector<Organ>;

/// A name as one word: blanks become underscores, a slash a hyphen.
std::string oneWord(const std::string& name);

// Each writes all organs; what the formats hold is told in surface_files.h.

void writeStl(std::ostream& out, const Organs& organs);
void writePly(std::ostream& out, const Organs& organs);
/// `materials`: the name of the .mtl file beside it.
void writeObj(std::ostream& out, const Organs& organs, const std::string& materials);
void writeMtl(std::ostream& out, const Organs& organs);
/// With all numbers inside as base64.
void writeGltf(std::ostream& out, const Organs& organs);
void writeGlb(std::ostream& out, const Organs& organs);

}  // namespace rind::rendering
