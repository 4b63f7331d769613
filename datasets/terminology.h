#pragma once

#include <string>

namespace rind::datasets {

/// What a segment is, in SNOMED CT's codes: the value of 3D Slicer's tag "TerminologyEntry". A name that is
/// not known is tissue, as in a segment that was just made there.
std::string terminologyEntry(const std::string& class_name);

}  // namespace rind::datasets
