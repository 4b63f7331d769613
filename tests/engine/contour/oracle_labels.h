#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "rind/core/atomic_file.h"
#include "rind/core/contour_settings.h"
#include "rind/core/npy.h"
#include "rind/core/volume.h"

namespace rind::contour::test {

inline nlohmann::json caseDescription(const std::filesystem::path& folder) {
  return nlohmann::json::parse(core::readFile(folder / "case.json"));
}

template <class T>
core::Volume<T> volume(const std::filesystem::path& file) {
  const core::NpyArray array = core::readNpy(file);
  core::Volume<T> result;
  result.size = {array.shape.at(0), array.shape.at(1), array.shape.at(2)};
  result.voxels = array.as<T>();
  return result;
}

inline core::ContourSettings settingsOf(const nlohmann::json& spec) {
  core::ContourSettings settings;
  settings.iterations = spec.at("n");
  settings.kernel = spec.at("s");
  settings.border = core::parseBorder(spec.at("border").get<std::string>());
  settings.include_background = spec.value("background", false);
  return settings;
}

}  // namespace rind::contour::test
