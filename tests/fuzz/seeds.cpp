// fuzz_seeds FOLDER: a few sound inputs for each target, in FOLDER/TARGET.
#include <fstream>
#include <iostream>

#include "rind/core/atomic_file.h"
#include "rind/core/nrrd.h"
#include "rind/core/prepared_case.h"
#include "rind/core/run_config.h"
#include "rind/datasets/volume_io.h"
#include "rind/messages/commands.h"
#include "rind/messages/framing.h"
#include "rind/networks/weights_file.h"

namespace {

namespace fs = std::filesystem;
using namespace rind;

void write(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  core::writeFileWhole(file, content);
}

core::Geometry smallGrid() {
  core::Geometry grid;
  grid.size = {2, 3, 4};
  grid.spacing = {3, 2, 1};
  return grid;
}

void volumes(const fs::path& folder) {
  const core::LabelVolume labels(smallGrid().size, 1);
  const std::vector<float> image(48, 0.5F);
  for (const auto& [target, extension] : {std::pair{"nifti", ".nii"},
                                          {"nifti", ".nii.gz"},
                                          {"nrrd", ".nrrd"},
                                          {"meta_image", ".mha"},
                                          {"npy", ".npy"}}) {
    const fs::path into = folder / target;
    fs::create_directories(into);
    datasets::writeLabels(into / (std::string("labels") + extension), smallGrid(), labels);
    datasets::writeFloats(into / (std::string("image") + extension), smallGrid(), 2, image.data());
  }
}

void texts(const fs::path& folder) {
  write(
      folder / "dataset_json/decathlon",
      R"({"name":"N","modality":{"0":"CT"},"labels":{"0":"background","1":"a"},"training":[{"image":"i","label":"l"}],"test":["t"]})");
  write(
      folder / "dataset_json/nnunet",
      R"({"channel_names":{"0":"T1"},"labels":{"background":0,"a":[1,2],"b":2},"file_ending":".nrrd","numTraining":2})");
  write(folder / "split/own", R"({"training":["amos_0001"],"validation":["amos_0002"]})");
  write(folder / "split/nnunet", R"([{"train":["amos_0001"],"val":["amos_0002"]}])");
  write(folder / "settings/config", nlohmann::json(core::RunConfig{}).dump());
  write(folder / "settings/preprocessing", R"({"normalisation":"ct","spacing":[1,1,2]})");
}

void binaries(const fs::path& folder) {
  write(folder / "messages/command",
        "\x7f" + messages::encode({messages::toJson({3, messages::Hello{}}), "payload"}));
  write(folder / "messages/event",
        "\x03"
        R"({"event":"step","step":3,"epoch":1,"time":1,"seconds":1,"loss":{"total":1}})"
        "\n");
  nlohmann::json table = {{{"name", "w"}, {"type", "float"}, {"shape", {2}}, {"offset", 0}}};
  const std::string weights = networks::weightsContent(table, "12345678");
  write(folder / "weights/small", weights.substr(0, weights.size() - 4));
  core::PreparedCase prepared{"a", smallGrid(), 1};
  const std::vector<float> image(24, 1.0F);
  const core::LabelVolume labels(smallGrid().size, 1);
  prepared.image = image.data(), prepared.labels = labels, prepared.depth = labels;
  core::writePreparedCase(folder / "made", prepared, {});
  write(folder / "prepared_case/case", core::readFile(folder / "made/case.json"));
  fs::remove_all(folder / "made");
  core::writeLabelNrrd(folder / "prepared_case/preview", smallGrid(), labels);
}

/// Explicit little-endian, one slice of 2 x 2 voxels.
void dicom(const fs::path& folder) {
  std::string file = std::string(128, '\0') + "DICM";
  const auto element = [&](int group, int number, const std::string& kind, const std::string& value) {
    for (const int part : {group, number})
      (file += static_cast<char>(part & 255)) += static_cast<char>(part >> 8);
    file += kind;
    if (kind == "OW") file += std::string(2, '\0');
    file += static_cast<char>(value.size());
    file += std::string(kind == "OW" ? 3 : 1, '\0') + value;
  };
  const auto number = [](int value) { return std::string{static_cast<char>(value), '\0'}; };
  element(2, 0x10, "UI", std::string("1.2.840.10008.1.2.1\0", 20));
  for (const auto& [tag, value] : {std::pair{0x02, 1}, {0x10, 2}, {0x11, 2}, {0x100, 8}})
    element(0x28, tag, "US", number(value));
  element(0x7FE0, 0x10, "OW", "abcd");
  write(folder / "dicom_structure/slice", file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fuzz_seeds FOLDER\n";
    return 2;
  }
  const fs::path folder = argv[1];
  volumes(folder), texts(folder), binaries(folder), dicom(folder);
}
