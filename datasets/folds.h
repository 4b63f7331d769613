#pragma once

#include <functional>

#include "rind/datasets/data_set.h"

namespace rind::datasets {

/// Who was scanned, where a case's name shows that there are several scans: "sub-01" of "sub-01_ses-2",
/// "patient003" of "patient003_frame01", "Brats18_X_Y" of "Brats18_X_Y_1"; else the name itself.
std::string patientOf(const std::string& id);

/// The ids of each patient's cases, patients in an order that `seed` decides. Where all cases seem to be of
/// one patient, each is taken as a patient's own.
std::vector<std::vector<std::string>> shuffledPatients(const DataSet& data, std::uint64_t seed);

/// The cases of the patients (by their place in the list) that `validates` says, and the others; sides
/// sorted.
Split splitOf(const std::vector<std::vector<std::string>>& patients,
              const std::function<bool(std::size_t)>& validates);

/// `folds` splits; each case is in the validation side of exactly one, the cases of one patient in
/// the same. Sides differ by at most one patient. Throws InputError: fewer than 2 folds or than patients.
std::vector<Split> makeFolds(const DataSet& data, int folds, std::uint64_t seed);

/// Writes nnU-Net's splits_final.json, a list of {"train", "val"}, whole or not at all.
void writeSplits(const std::filesystem::path& file, const std::vector<Split>& splits);

}  // namespace rind::datasets
