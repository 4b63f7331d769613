#pragma once

#include <optional>

#include "rind/datasets/data_set.h"

namespace rind::datasets {

// One function a layout: nothing where `folder` is not of it, InputError where it is but is broken.

/// Medical Segmentation Decathlon and AMOS: dataset.json that lists the cases.
std::optional<DataSet> openDecathlon(const std::filesystem::path& folder);
/// nnU-Net v2 raw: dataset.json with channel_names, imagesTr/ID_0000.ext.
std::optional<DataSet> openNnunet(const std::filesystem::path& folder);
/// BraTS 2018–2023: ID_flair, ID_t1, ID_t1ce, ID_t2 and ID_seg, or ID-t2f, -t1n, -t1c, -t2w and -seg.
std::optional<DataSet> openBrats(const std::filesystem::path& folder);
/// Folders of images and of labels with the same names (imagesTr and labelsTr, images and labels, …), or one
/// folder with NAME and NAME_seg (_label, _labels, _mask).
std::optional<DataSet> openPair(const std::filesystem::path& folder);
/// DICOM series, one a case, in the folder or in its sub-folders.
std::optional<DataSet> openDicom(const std::filesystem::path& folder);
/// Volumes without labels, one a case.
std::optional<DataSet> openImages(const std::filesystem::path& folder);

/// "phantom:amos[,cases=N,size=DxHxW,seed=S]" and "phantom:brats". Throws InputError.
DataSet openPhantom(const std::string& text);

/// Every value that occurs in the cases' labels, named "label V". Bad files are passed over: checking finds
/// them. Throws NotEnoughMemory.
core::LabelSet labelsFound(const std::vector<CaseFiles>& cases);

}  // namespace rind::datasets
