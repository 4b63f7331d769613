#include "rind/networks/weights_file.h"

#include <zlib.h>

#include <cstring>

#include "rind/core/atomic_file.h"

namespace rind::networks {
namespace {

using nlohmann::json;

constexpr std::string_view kMagic = "RINDWTS1";
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kTableAt = kMagic.size() + sizeof(std::uint64_t);

DamagedFile damaged(const std::filesystem::path& path, const std::string& what) {
  return {path.string(), what, "take another checkpoint, or copy the file again"};
}

/// The file's content up to its checksum, after checking it.
std::string readChecked(const std::filesystem::path& path) {
  std::string content = core::readFile(path);
  if (content.size() < kTableAt + kChecksumBytes || content.compare(0, kMagic.size(), kMagic) != 0)
    throw DamagedFile(path.string(), "it is not a file of weights by Rind",
                      "give a file from a run's checkpoints/");
  const std::size_t body = content.size() - kChecksumBytes;
  if (checksumOf(std::string_view(content).substr(0, body)) != content.substr(body))
    throw damaged(path, "it is damaged or cut short (its checksum is wrong)");
  content.resize(body);
  return content;
}

std::vector<StoredTensor> tensorsIn(const json& table, std::size_t bytes) {
  std::vector<StoredTensor> tensors;
  for (const auto& entry : table.get_ref<const json::array_t&>()) {
    if (!entry.at("offset").is_number_unsigned()) throw std::out_of_range("offset");
    tensors.push_back({entry.at("name"), entry.at("type"), entry.at("shape"), entry.at("offset")});
    if (tensors.back().offset > bytes) throw std::out_of_range("offset");
  }
  return tensors;
}

}  // namespace

std::string checksumOf(std::string_view bytes) {
  const auto sum =
      static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  return {reinterpret_cast<const char*>(&sum), sizeof sum};
}

WeightsFile readWeightsFile(const std::filesystem::path& path) {
  std::string content = readChecked(path);
  std::uint64_t table_size = 0;
  std::memcpy(&table_size, content.data() + kMagic.size(), sizeof table_size);
  if (table_size > content.size() - kTableAt) throw damaged(path, "its table is longer than the file");
  const std::size_t numbers_at = kTableAt + table_size;
  try {
    const json table = json::parse(std::string_view(content).substr(kTableAt, table_size));
    auto tensors = tensorsIn(table, content.size() - numbers_at);
    return {std::move(content), numbers_at, std::move(tensors)};
  } catch (const json::exception&) {
    throw damaged(path, "its table is no table of tensors");
  } catch (const std::out_of_range&) {
    throw damaged(path, "it is shorter than its table says");
  }
}

std::string weightsContent(const json& table, const std::string& numbers) {
  const std::string header = table.dump();
  const std::uint64_t size = header.size();
  std::string content;
  content.reserve(kTableAt + header.size() + numbers.size() + kChecksumBytes);
  content += kMagic;
  content.append(reinterpret_cast<const char*>(&size), sizeof size);
  content += header;
  content += numbers;
  content += checksumOf(content);
  return content;
}

}  // namespace rind::networks
