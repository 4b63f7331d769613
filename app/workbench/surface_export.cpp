#include "rind/workbench/surface_export.h"

#include <iostream>
#include <new>

#include "rind/core/error.h"
#include "rind/workbench/label_map.h"
#include "rind/workbench/say_error.h"

namespace rind::workbench {
namespace {

int fail(const std::string& what, int status) {
  sayError(what);
  return status;
}

}  // namespace

SurfaceReport exportSurfaces(const SurfaceWish& wish, const std::filesystem::path& path) {
  rendering::requireSurfaceFile(path);
  const std::atomic<bool> cancel = false;
  const auto surfaces = rendering::makeWholeSurfaces(wish.labels, wish.geometry, wish.wanted, cancel);
  SurfaceReport report{rendering::writeSurfaces(path, surfaces, wish.classes), surfaces.size(), 0};
  for (const auto& surface : surfaces) report.triangles += surface.mesh->GetNumberOfPolys();
  return report;
}

int exportSurfaces(const std::string& source, const std::string& case_id, const std::string& path) {
  try {
    if (source.empty())
      throw core::InputError("--surfaces", "nothing is given to make surfaces of",
                             "name a label map, a run or a data set");
    rendering::requireSurfaceFile(path);
    const LabelMap map = readLabelMap(source, case_id);
    const auto report = exportSurfaces(
        {map.geometry, map.labels, map.classes, std::vector<bool>(map.classes.size(), true)}, path);
    for (const auto& file : report.files) std::cout << file.string() << "\n";
    std::cout << report.organs << " organs, " << report.triangles << " triangles" << std::endl;
    return 0;
  } catch (const core::InputError& error) {
    return fail(error.what(), 2);
  } catch (const std::bad_alloc&) {
    return fail("memory: there is not enough for this; give a smaller label map", 1);
  } catch (const std::exception& error) {
    return fail(error.what(), 1);
  }
}

}  // namespace rind::workbench
