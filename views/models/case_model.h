#pragma once

#include <QFlags>
#include <QObject>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "rind/contour/adaptive_thickness.h"
#include "rind/core/label_set.h"
#include "rind/core/prepared_case.h"
#include "rind/models/heat_map.h"
#include "rind/models/label_boxes.h"

namespace rind::models {

/// What is black and what is white.
struct Window {
  float low = 0;
  float high = 1;
};
/// The 0.5 and 99.5 percentiles; the same of labelled voxels only; the least and the greatest value.
enum class WindowPreset { usual, organs, everything };

/// A case with what the interface asks of it at every move of a slider; made on a background thread.
struct LoadedCase {
  core::PreparedCase prepared;
  core::LabelSet labels;
  contour::DepthHistogram replicate;  // of the depth map with either border
  contour::DepthHistogram zero;
  std::vector<Box> boxes;  // around each class
  /// By channel, then by WindowPreset.
  std::vector<std::array<Window, 3>> windows;
  /// The channels' names, where they are known.
  std::vector<std::string> channels;
  /// The one channel that `prepared.image` holds; -1: all of them.
  int only_channel = -1;

  int heldChannels() const { return only_channel < 0 ? prepared.channels : 1; }
};

/// Counts what can be counted once (histograms, percentiles).
LoadedCase analyse(core::PreparedCase prepared, core::LabelSet labels);

/// The same case with the voxels of one channel alone, in memory of its own.
LoadedCase withChannel(const LoadedCase& loaded, int channel);

/// A prediction on the case's grid with its overlap, DSC by class (NaN where absent from both).
struct Prediction {
  core::LabelVolume labels;
  std::vector<double> dsc;
  int epoch = 0;
};
Prediction score(core::LabelVolume prediction, core::LabelView reference, int classes, int epoch);

/// What the organ table says of a class at the settings on the screen.
struct ClassFacts {
  std::uint64_t voxels = 0;
  double millilitres = 0;
  int thickness = 0;      // voxels
  double band_share = 0;  // of its voxels
  bool all_band = false;  // nothing inside: the 1−λ part of SDL is dead weight
};

enum class Change {
  none = 0,
  data = 1,
  band = 2,
  prediction = 4,
  display = 8,
  cursor = 16,
  selection = 32,
  heat = 64
};
Q_DECLARE_FLAGS(Changes, Change)

/// What is laid over the image.
struct Layers {
  bool reference = true;
  bool band = true;
  bool prediction = true;
  bool error = false;
  bool heat = false;
  double opacity = 0.55;
  bool operator==(const Layers&) const = default;
};

/// The case on the screen, its band, prediction and how it is shown. One `changed` tells all views what
/// changed.
class CaseModel : public QObject {
  Q_OBJECT

 public:
  explicit CaseModel(QObject* parent = nullptr) : QObject(parent) {}

  bool empty() const { return !loaded_; }
  const LoadedCase& loaded() const { return *loaded_; }
  std::shared_ptr<const LoadedCase> share() const { return loaded_; }
  void setCase(std::shared_ptr<const LoadedCase> loaded);
  void clear() { setCase(nullptr); }
  /// The case on the screen, its hidden channels let go of (withChannel); nothing where it is another by now.
  /// A channel that is chosen from here on is shown with the next case.
  void keepOnly(LoadedCase kept);

  const core::ContourSettings& contour() const { return contour_; }
  void setContour(const core::ContourSettings& contour);
  /// By class, in voxels.
  const std::vector<int>& thickness() const { return thickness_; }
  const std::vector<ClassFacts>& facts() const { return facts_; }

  std::shared_ptr<const Prediction> prediction() const { return prediction_; }
  void setPrediction(std::shared_ptr<const Prediction> prediction);

  /// Of the loss that is probed; none where nothing was.
  std::shared_ptr<const HeatMap> heat() const { return heat_; }
  void setHeat(std::shared_ptr<const HeatMap> heat);
  /// Whether a view shows it: the slices by their layer, or the 3D view by its mode.
  bool isHeatShown() const { return layers_.heat || heat_in_scene_; }
  void setHeatInScene(bool shown);

  const Layers& layers() const { return layers_; }
  void setLayers(const Layers& layers);
  bool isVisible(int index) const;
  void setVisible(int index, bool visible);
  /// All are visible and none is selected: others will have their numbers.
  void forgetClasses();
  int selected() const { return selected_; }
  void select(int index);

  const core::Index3& cursor() const { return cursor_; }
  void setCursor(core::Index3 cursor);
  float low() const { return window_.low; }
  float high() const { return window_.high; }
  void setWindow(float low, float high);
  void applyWindow(WindowPreset preset);
  /// Of the image; its own window comes with it.
  int channel() const { return channel_; }
  void setChannel(int channel);
  /// The chosen channel's voxels, [z, y, x].
  const float* image() const;

 Q_SIGNALS:
  void changed(rind::models::Changes what);

 private:
  void measureBand();
  int seenChannel() const { return loaded_->only_channel < 0 ? channel_ : loaded_->only_channel; }

  std::shared_ptr<const LoadedCase> loaded_;
  std::shared_ptr<const Prediction> prediction_;
  std::shared_ptr<const HeatMap> heat_;
  core::ContourSettings contour_;
  std::vector<int> thickness_;
  std::vector<ClassFacts> facts_;
  std::vector<bool> visible_;
  Layers layers_;
  core::Index3 cursor_;
  Window window_;
  WindowPreset preset_ = WindowPreset::usual;
  int channel_ = 0;
  int selected_ = 0;
  bool heat_in_scene_ = false;
};

}  // namespace rind::models
Q_DECLARE_OPERATORS_FOR_FLAGS(rind::models::Changes)
