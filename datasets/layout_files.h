#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "rind/datasets/data_set.h"
#include "rind/datasets/readable.h"

namespace rind::datasets {

/// Volume files of a folder, sorted by name; none where the folder is not there. Throws InputError: it may
/// not be read.
std::vector<std::filesystem::path> volumesIn(const std::filesystem::path& folder);
std::vector<std::filesystem::path> foldersIn(const std::filesystem::path& folder);

/// The folder's own name, also of "." and "folder/".
std::string nameOf(const std::filesystem::path& folder);

/// Adds the volumes of data.folder / `images` as cases, each with the label of its name in `labels`.
void listByName(DataSet& data, const std::string& images, const std::string& labels);

/// Fills data.images_without_label.
void noteMissingLabels(DataSet& data);

}  // namespace rind::datasets
