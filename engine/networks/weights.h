#pragma once

#include <torch/nn/module.h>

#include <filesystem>

namespace rind::networks {

/// Writes all parameters and buffers, whole or not at all: 8 bytes "RINDWTS1", the length of a JSON table
/// (uint64, little-endian), the table (name, type, shape, offset of each tensor), the raw little-endian
/// numbers, and a CRC-32 of everything before it. Nothing in it is executable. Throws InputError where `path`
/// cannot be written.
void saveWeights(const std::filesystem::path& path, const torch::nn::Module& module);

/// Fills the module's parameters and buffers in place, on whatever device they are. Throws InputError naming
/// `path`: not such a file, damaged or cut short, or for a network of another shape; the module is then as it
/// was.
void loadWeights(const std::filesystem::path& path, torch::nn::Module& module);

}  // namespace rind::networks
