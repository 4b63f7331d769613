#include "rind/networks/weights.h"

#include <ATen/ATen.h>
#include <zlib.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::networks {
namespace {

namespace fs = std::filesystem;
using core::InputError;
using nlohmann::json;

constexpr std::string_view kMagic = "RINDWTS1";
using Named = std::vector<std::pair<std::string, at::Tensor>>;

/// Parameters, then buffers, in the order in which they were registered.
Named tensorsOf(const torch::nn::Module& module) {
  Named tensors;
  for (const auto& item : module.named_parameters()) tensors.emplace_back(item.key(), item.value());
  for (const auto& item : module.named_buffers()) tensors.emplace_back(item.key(), item.value());
  return tensors;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

template <class T>
void append(std::string& content, T number) {
  content.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class T>
T numberAt(std::string_view content, std::size_t offset) {
  T number;
  std::memcpy(&number, content.data() + offset, sizeof number);
  return number;
}

InputError damaged(const fs::path& path, const std::string& what) {
  return {path.string(), what, "take another checkpoint, or copy the file again"};
}

json describe(const std::string& name, const at::Tensor& tensor, std::size_t offset) {
  return {{"name", name},
          {"type", std::string(tensor.dtype().name())},
          {"shape", tensor.sizes().vec()},
          {"offset", offset}};
}

/// The file's content up to its checksum, after checking it.
std::string readChecked(const fs::path& path) {
  std::string content = core::readFile(path);
  constexpr std::size_t kLeast = 8 + 8 + 4;
  if (content.size() < kLeast || content.compare(0, kMagic.size(), kMagic) != 0)
    throw InputError(path.string(), "it is not a file of weights by Rind",
                     "give a file from a run's checkpoints/");
  const std::size_t body = content.size() - 4;
  if (checksum(std::string_view(content).substr(0, body)) != numberAt<std::uint32_t>(content, body))
    throw damaged(path, "it is damaged or cut short (its checksum is wrong)");
  content.resize(body);
  return content;
}

/// One tensor of the file, as the module's own must be described to take it.
void fill(const fs::path& path, const json& entry, std::string_view numbers, at::Tensor& target) {
  const auto offset = entry.at("offset").get<std::size_t>();
  const auto size = static_cast<std::size_t>(target.nbytes());
  if (offset > numbers.size() || size > numbers.size() - offset)
    throw damaged(path, "it is shorter than its table says");
  auto staged = at::empty(target.sizes(),
                          target.options().device(at::kCPU).memory_format(at::MemoryFormat::Contiguous));
  std::memcpy(staged.data_ptr(), numbers.data() + offset, size);
  target.copy_(staged);
}

}  // namespace

void saveWeights(const fs::path& path, const torch::nn::Module& module) {
  json table = json::array();
  std::string numbers;
  for (const auto& [name, tensor] : tensorsOf(module)) {
    const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
    table.push_back(describe(name, host, numbers.size()));
    numbers.append(static_cast<const char*>(host.data_ptr()), host.nbytes());
  }
  const std::string header = table.dump();
  std::string content(kMagic);
  append(content, static_cast<std::uint64_t>(header.size()));
  content += header;
  content += numbers;
  append(content, checksum(content));
  core::writeFileWhole(path, content);
}

void loadWeights(const fs::path& path, torch::nn::Module& module) {
  const std::string content = readChecked(path);
  const std::size_t table_size = numberAt<std::uint64_t>(content, kMagic.size());
  const std::size_t table_at = kMagic.size() + sizeof(std::uint64_t);
  if (table_size > content.size() - table_at) throw damaged(path, "its table is longer than the file");
  const json table = json::parse(content.substr(table_at, table_size), nullptr, /*allow_exceptions=*/false);
  Named tensors = tensorsOf(module);
  bool same = table.is_array() && table.size() == tensors.size();
  for (std::size_t i = 0; same && i < tensors.size(); ++i) {
    json expected = describe(tensors[i].first, tensors[i].second, 0);
    expected["offset"] = table[i].is_object() ? table[i].value("offset", json()) : json();
    same = expected == table[i] && expected["offset"].is_number_unsigned();
  }
  if (!same)
    throw InputError(path.string(), "its weights are those of another network",
                     "use the network, channels and classes that it was trained with");
  const std::string_view numbers = std::string_view(content).substr(table_at + table_size);
  const at::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < tensors.size(); ++i) fill(path, table[i], numbers, tensors[i].second);
}

}  // namespace rind::networks
