#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rind/core/label_set.h"
#include "rind/core/preprocessing.h"
#include "rind/core/volume.h"

namespace rind::datasets {

struct CaseFiles {
  std::string id;
  /// One file (or DICOM folder) a channel; empty for a phantom's case.
  std::vector<std::filesystem::path> images;
  /// Empty where there is none.
  std::filesystem::path labels;
};

/// Ids of the cases.
struct Split {
  std::vector<std::string> training;
  std::vector<std::string> validation;
};

/// A built-in data set that is computed instead of read: the same bytes for the same settings on every
/// machine.
struct PhantomSettings {
  std::string kind;  // "amos" or "brats"
  int cases = 24;
  core::Extent3 size;
  std::uint64_t seed = 1;
};

struct DataSet {
  /// "msd", "nnunet", "brats", "pair", "files", "dicom" or "phantom".
  std::string layout;
  std::string name;
  std::filesystem::path folder;
  core::LabelSet labels;
  std::vector<std::string> channels;
  std::vector<CaseFiles> cases;
  /// What suits this data where the user says nothing.
  core::Preprocessing preprocessing;
  /// The layout's own.
  std::optional<Split> split;
  std::optional<PhantomSettings> phantom;
  /// Images that the layout lists without a label (test images), and labels without an image, by name.
  std::vector<std::string> images_without_label;
  std::vector<std::string> labels_without_image;
  /// DICOM segmentations, which are not read, by name.
  std::vector<std::string> unread_segmentations;
  /// Other DICOM files that hold no image, each with the reason ("plan.dcm holds no pixels").
  std::vector<std::string> no_images;
};

/// Opens a folder whose layout is found by looking, a single volume, or
/// "phantom:amos[,cases=N,size=DxHxW,seed=S]"
/// ("phantom:brats" likewise). Reads no voxels but where a layout does not name its labels. Throws
/// InputError.
DataSet openDataSet(const std::string& folder_or_phantom);

/// Throws InputError naming `id`.
const CaseFiles& findCase(const DataSet& data, const std::string& id);

/// From `split_file` (JSON: {"training": […], "validation": […]}, or nnU-Net's list of {"train", "val"},
/// "FILE:fold" for another fold than 0; "fold/folds" for one of makeFolds, as in "0/5"); else the layout's;
/// else `validation_share` of the patients, chosen by `seed`. Only cases with a label take part. Throws
/// InputError: an unknown case, a case on both sides, an empty side.
Split chooseSplit(const DataSet& data, const std::string& split_file, double validation_share,
                  std::uint64_t seed);

}  // namespace rind::datasets
