#pragma once

#include <torch/nn/module.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace rind::networks {

/// A module's parameters and buffers as they were at one moment: what a file will hold.
struct WeightsCopy {
  nlohmann::json table;
  std::string numbers;
};
WeightsCopy copyWeights(const torch::nn::Module& module);
void saveWeights(const std::filesystem::path& path, const WeightsCopy& copy);

/// Writes all parameters and buffers, whole or not at all: 8 bytes "RINDWTS1", the length of a JSON table
/// (uint64, little-endian), the table (name, type, shape, offset of each tensor), the raw little-endian
/// numbers, and a CRC-32 of everything before it. Nothing in it is executable. Throws InputError where `path`
/// cannot be written.
void saveWeights(const std::filesystem::path& path, const torch::nn::Module& module);

/// Fills the module's parameters and buffers in place, on whatever device they are. Throws DamagedFile
/// (weights_file.h) naming `path` where it is not such a file, damaged or cut short, and another InputError
/// where it cannot be read or is for a network of another shape; the module is then as it was.
void loadWeights(const std::filesystem::path& path, torch::nn::Module& module);

/// The same from the part of a larger file whose names begin with `prefix` ("network.").
void loadPart(const std::filesystem::path& path, const std::string& prefix, torch::nn::Module& module);

}  // namespace rind::networks
