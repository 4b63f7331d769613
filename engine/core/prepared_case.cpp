#include "rind/core/prepared_case.h"

#include <cerrno>
#include <fstream>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/memory_map.h"
#include "rind/core/nrrd.h"

namespace rind::core {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kFormat = 1;

/// Into a folder that is flushed and renamed as a whole.
void writePlain(const fs::path& file, std::string_view content) {
  errno = 0;
  std::ofstream out(file, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out)
    throw fs::filesystem_error("write", file,
                               std::error_code(errno ? errno : ENOSPC, std::generic_category()));
}

void writeDetached(const fs::path& folder, const std::string& name, const NrrdHeader& shape, const void* data,
                   std::size_t bytes) {
  NrrdHeader header = shape;
  header.data_file = name + ".raw";
  writePlain(folder / (name + ".raw"), std::string_view(static_cast<const char*>(data), bytes));
  writePlain(folder / (name + ".nhdr"), nrrdHeaderText(header));
}

struct Maps {
  std::shared_ptr<const std::byte> image, labels, depth;
};

}  // namespace

void to_json(json& out, const Geometry& g) {
  out = {{"size", {g.size.z, g.size.y, g.size.x}},
         {"spacing", {g.spacing.z, g.spacing.y, g.spacing.x}},
         {"origin", g.origin},
         {"direction", g.direction}};
}

void from_json(const json& in, Geometry& g) {
  const auto size = in.at("size").get<std::array<std::int64_t, 3>>();
  const auto spacing = in.at("spacing").get<std::array<double, 3>>();
  g.size = {size[0], size[1], size[2]};
  g.spacing = {spacing[0], spacing[1], spacing[2]};
  g.origin = in.at("origin").get<std::array<double, 3>>();
  g.direction = in.at("direction").get<std::array<double, 9>>();
}

void writePreparedCase(const fs::path& folder, const PreparedCase& prepared, const json& notes) {
  const auto voxels = static_cast<std::size_t>(prepared.size().voxels());
  const json description = {{"format", kFormat},
                            {"id", prepared.id},
                            {"geometry", prepared.geometry},
                            {"channels", prepared.channels},
                            {"notes", notes}};
  writeFolderWhole(folder, [&](const fs::path& made) {
    writeDetached(made, "image", {prepared.geometry, "float", prepared.channels}, prepared.image,
                  voxels * sizeof(float) * static_cast<std::size_t>(prepared.channels));
    writeDetached(made, "labels", {prepared.geometry, "uint8"}, prepared.labels.data, voxels);
    writeDetached(made, "depth", {prepared.geometry, "uint8"}, prepared.depth.data, voxels);
    writePlain(made / "case.json", description.dump(1) + "\n");
  });
}

PreparedCase openPreparedCase(const fs::path& folder) {
  const fs::path file = folder / "case.json";
  PreparedCase prepared;
  try {
    const json description = json::parse(readFile(file));
    if (description.at("format") != kFormat)
      throw InputError(file.string(), "was written by another version of Rind", "delete its folder");
    prepared.id = description.at("id").get<std::string>();
    prepared.geometry = description.at("geometry").get<Geometry>();
    prepared.channels = description.at("channels").get<int>();
  } catch (const json::exception&) {
    throw InputError(file.string(), "is damaged", "delete its folder and let Rind prepare the case again");
  }
  const auto voxels = static_cast<std::size_t>(prepared.size().voxels());
  auto maps = std::make_shared<Maps>();
  maps->image =
      mapFile(folder / "image.raw", voxels * sizeof(float) * static_cast<std::size_t>(prepared.channels));
  maps->labels = mapFile(folder / "labels.raw", voxels);
  maps->depth = mapFile(folder / "depth.raw", voxels);
  prepared.image = reinterpret_cast<const float*>(maps->image.get());
  prepared.labels = {prepared.size(), reinterpret_cast<const std::uint8_t*>(maps->labels.get())};
  prepared.depth = {prepared.size(), reinterpret_cast<const std::uint8_t*>(maps->depth.get())};
  prepared.memory = maps;
  return prepared;
}

PreparedCase FolderCaseSource::open(std::size_t index) const {
  PreparedCase prepared = openPreparedCase(entries_.at(index).folder);
  prepared.id = entries_.at(index).id;
  return prepared;
}

}  // namespace rind::core
