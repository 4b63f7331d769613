#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rind/core/label_set.h"

namespace rind::datasets {

/// What a dataset.json says, of the Decathlon's kind or nnU-Net's.
struct DatasetJson {
  bool is_nnunet = false;
  std::string name;
  core::LabelSet labels;
  std::vector<std::string> channels;
  std::string file_ending;  // nnU-Net
  struct Pair {
    std::string image;
    std::string labels;
  };
  std::vector<Pair> training;
  std::vector<Pair> validation;  // AMOS
  std::vector<std::string> test;
};

/// Throws InputError naming the file: no JSON, a field of the wrong type, no labels.
DatasetJson readDatasetJson(const std::filesystem::path& file);

}  // namespace rind::datasets
