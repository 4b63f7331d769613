#include "rind/networks/weights.h"

#include <ATen/ATen.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/networks/weights_file.h"

namespace rind::networks {
namespace {

namespace fs = std::filesystem;
using core::InputError;
using nlohmann::json;

using Named = std::vector<std::pair<std::string, at::Tensor>>;

/// Parameters, then buffers, in the order in which they were registered.
Named tensorsOf(const torch::nn::Module& module) {
  Named tensors;
  for (const auto& item : module.named_parameters()) tensors.emplace_back(item.key(), item.value());
  for (const auto& item : module.named_buffers()) tensors.emplace_back(item.key(), item.value());
  return tensors;
}

DamagedFile damaged(const fs::path& path, const std::string& what) {
  return {path.string(), what, "take another checkpoint, or copy the file again"};
}

json describe(const std::string& name, const at::Tensor& tensor, std::size_t offset) {
  return {{"name", name},
          {"type", std::string(tensor.dtype().name())},
          {"shape", tensor.sizes().vec()},
          {"offset", offset}};
}

bool matches(const StoredTensor& stored, const std::string& name, const at::Tensor& tensor) {
  return stored.name == name && stored.type == tensor.dtype().name() && stored.shape == tensor.sizes().vec();
}

/// One tensor of the file, as the module's own must be described to take it.
void fill(const fs::path& path, std::size_t offset, std::string_view numbers, at::Tensor& target) {
  const auto size = static_cast<std::size_t>(target.nbytes());
  if (offset > numbers.size() || size > numbers.size() - offset)
    throw damaged(path, "it is shorter than its table says");
  auto staged = at::empty(target.sizes(),
                          target.options().device(at::kCPU).memory_format(at::MemoryFormat::Contiguous));
  std::memcpy(staged.data_ptr(), numbers.data() + offset, size);
  target.copy_(staged);
}

}  // namespace

WeightsCopy copyWeights(const torch::nn::Module& module) {
  WeightsCopy copy{json::array(), {}};
  const Named tensors = tensorsOf(module);
  std::size_t bytes = 0;
  for (const auto& [name, tensor] : tensors) bytes += tensor.nbytes();
  copy.numbers.reserve(bytes);
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
    copy.table.push_back(describe(name, host, copy.numbers.size()));
    copy.numbers.append(static_cast<const char*>(host.data_ptr()), host.nbytes());
  }
  return copy;
}

void saveWeights(const fs::path& path, const WeightsCopy& copy) {
  core::writeFileWhole(path, weightsContent(copy.table, copy.numbers));
}

void saveWeights(const fs::path& path, const torch::nn::Module& module) {
  saveWeights(path, copyWeights(module));
}

void loadPart(const fs::path& path, const std::string& prefix, torch::nn::Module& module) {
  const WeightsFile file = readWeightsFile(path);
  std::vector<StoredTensor> stored;
  for (auto tensor : file.tensors()) {
    if (tensor.name.rfind(prefix, 0) != 0) continue;
    tensor.name.erase(0, prefix.size());
    stored.push_back(std::move(tensor));
  }
  Named tensors = tensorsOf(module);
  bool same = stored.size() == tensors.size();
  for (std::size_t i = 0; same && i < tensors.size(); ++i)
    same = matches(stored[i], tensors[i].first, tensors[i].second);
  if (!same)
    throw InputError(path.string(), "its weights are those of another network",
                     "use the network, channels and classes that it was trained with");
  const at::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    fill(path, stored[i].offset, file.numbers(), tensors[i].second);
}

void loadWeights(const fs::path& path, torch::nn::Module& module) {
  loadPart(path, "", module);
}

}  // namespace rind::networks
