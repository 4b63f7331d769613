#include <algorithm>
#include <iostream>
#include <memory>

#include "commands.h"
#include "compact_labels.h"
#include "output_places.h"
#include "rind/contour/adaptive_thickness.h"
#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/core/error.h"
#include "rind/core/text.h"
#include "rind/datasets/volume_io.h"

namespace rind::app {
namespace {

struct Options {
  std::string labels;
  std::string output;
  std::string depth;
  GivenSettings given;
  bool json = false;
};

/// The band of all classes together, and how thick it is in each.
struct Band {
  core::LabelVolume mask;
  std::vector<int> thickness;
  core::Volume<std::int16_t> depth;  ///< only where it was asked for
};

/// A byte map knows depths to 254; thicker bands, inradii and the map itself take the exact one.
Band bandOf(const CompactLabels& labels, const core::ContourSettings& settings, bool wants_depth) {
  Band band;
  band.mask = core::LabelVolume(labels.volume.size);
  std::uint8_t* out = band.mask.voxels.data();
  const bool exact = wants_depth || settings.thickness() > contour::kLargestCap ||
                     settings.adaptive.rule == core::AdaptiveRule::inradius;
  if (exact) {
    band.depth = contour::exactDepthMap(labels.volume, settings.border);
    band.thickness = contour::bandThickness(labels.volume, band.depth, labels.classes(), settings);
    contour::bandMask(labels.volume, band.depth, band.thickness, settings.include_background, out);
  } else if (settings.adaptive.rule == core::AdaptiveRule::off) {
    band.thickness.assign(static_cast<std::size_t>(labels.classes()), settings.thickness());
    contour::bandMask(labels.volume, settings.thickness(), settings.border, settings.include_background, out);
  } else {
    const auto depth = contour::depthMap(labels.volume, std::max(1, settings.thickness()), settings.border);
    const auto histogram = contour::depthHistogram(labels.volume, depth, labels.classes());
    band.thickness = contour::bandThickness(histogram, settings);
    contour::bandMask(labels.volume, depth, band.thickness, settings.include_background, out);
  }
  return band;
}

nlohmann::json resultOf(const Options& options, const CompactLabels& labels, const Band& band) {
  std::vector<std::uint64_t> voxels(labels.values.size()), in_band(labels.values.size());
  for (std::size_t i = 0; i < band.mask.voxels.size(); ++i) {
    ++voxels[labels.volume.voxels[i]];
    in_band[labels.volume.voxels[i]] += band.mask.voxels[i];
  }
  nlohmann::json classes = nlohmann::json::array();
  for (std::size_t j = 0; j < voxels.size(); ++j)
    classes.push_back({{"class", labels.values[j]},
                       {"voxels", voxels[j]},
                       {"band", in_band[j]},
                       {"thickness", band.thickness[j]}});
  return {{"output", options.output}, {"classes", classes}};
}

void requireVolumeName(const std::string& option, const std::string& name) {
  if (!name.empty() && !datasets::isWritableVolume(name))
    throw core::InputError(option, "\"" + name + "\" has no extension of a volume that can be written",
                           "use .nii.gz, .nii, .nrrd, .mha or .npy");
}

void run(const Options& options) {
  const core::ContourSettings settings = configOf(options.given).contour;
  core::validate(settings);
  requireVolumeName("--output", options.output);
  requireVolumeName("--depth", options.depth);
  requireOwnPlaces({options.labels}, {{"--output", options.output}, {"--depth", options.depth}});
  datasets::LabelFile file = datasets::readLabels(options.labels);
  const CompactLabels labels = compactLabels(file.labels, options.labels);
  file.labels = {};  // four bytes a voxel that the map may need
  const Band band = bandOf(labels, settings, !options.depth.empty());
  if (!options.depth.empty()) datasets::writeDepth(options.depth, file.geometry, band.depth);
  datasets::writeLabels(options.output, file.geometry, band.mask);
  const auto result = resultOf(options, labels, band);
  if (options.json) {
    std::cout << core::jsonText(result) << "\n";
    return;
  }
  for (const auto& one : result["classes"])
    std::cout << "class " << one["class"] << ": " << one["band"] << " of " << one["voxels"]
              << " voxels in the band, thickness " << one["thickness"] << "\n";
}

}  // namespace

void addContourCommand(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("contour", "Write the contour band (and the depth map) of a label map");
  command->add_option("--labels", options->labels, "label map: a volume file or .npy")->required();
  command->add_option("--output", options->output, "the band, 1 inside and 0 outside")->required();
  command->add_option("--depth", options->depth, "the depth map too, in voxels (32767: no other label)");
  command->add_flag("--json", options->json, "one JSON object as the last line");
  addSettings(*command, contourKeys(), options->given);
  command->callback([options] { run(*options); });
}

}  // namespace rind::app
