#pragma once

#include <vtkActor.h>
#include <vtkNew.h>
#include <vtkPlane.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>

#include <array>
#include <compare>
#include <map>

#include "rind/rendering/colour_bar.h"
#include "rind/rendering/surfaces.h"

namespace rind::rendering {

enum class CameraPreset { anterior, posterior, left, right, superior, inferior };

/// What the 3D view shows: shells (outer surface translucent, what the band leaves inside solid), the
/// prediction, both (the prediction inside the reference's translucent surface), the prediction coloured by
/// its distance to the reference, or the reference coloured by the loss's gradient.
enum class SceneMode { shells, prediction, both, distance, gradient };

/// Where the camera stands, in millimetres of the patient (x left, y posterior, z superior).
struct CameraPose {
  std::array<double, 3> position;
  std::array<double, 3> focus;
  std::array<double, 3> up;
  double angle = 30;  // of view, degrees
};

/// The 3D scene in whatever render window it is handed: surfaces of the organs, coloured as in the table.
class ShellScene {
 public:
  explicit ShellScene(vtkRenderWindow* window);

  /// Of each kind there are fine surfaces, coarse ones, or both of the same bodies: new coarse ones end the
  /// fine ones, which were of something older.
  void setSurfaces(SurfaceKind kind, Detail detail, const std::vector<Surface>& surfaces,
                   const core::LabelSet& labels);
  void clear();
  void setMode(SceneMode mode);
  SceneMode mode() const { return mode_; }
  /// Cuts away what lies before a plane that faces the camera's preset, `depth` from 0 (front) to 1 (back).
  void setClipped(bool clipped, double depth = 0.5);
  /// By class; `selected` stands out, 0 for none.
  void setShown(std::vector<bool> hidden, int selected);
  bool isClipped() const { return clipped_; }
  double clipDepth() const { return clip_depth_; }
  void look(CameraPreset preset);
  CameraPreset preset() const { return preset_; }
  CameraPose pose() const;
  void setPose(const CameraPose& pose);
  /// Turns the camera around the organs.
  void turn(double degrees);
  /// Without one pictures can be laid over anything; on the screen there has to be one.
  void setBackgroundVisible(bool visible);
  /// While the camera moves, or a band that is dragged has no fine surface yet, the coarse surfaces are
  /// drawn, and what is transparent in the order of its middle: software OpenGL has to keep up.
  void setMoving(bool moving);
  void setPreviewed(bool previewed);
  /// Whatever moves: for a picture that is kept.
  void setStill(bool still);
  /// Millimetres at the ends of the distance's colours.
  void setDistanceRange(double millimetres);
  double distanceRange() const { return distance_range_; }
  /// The class under a pixel (origin at the bottom left), 0 where there is none.
  int labelAt(double x, double y);
  /// Triangles on the screen, for tests and the status line.
  long long triangles() const;
  bool isBackgroundVisible() const { return renderer_->GetBackgroundAlpha() > 0; }
  vtkRenderer* renderer() { return renderer_; }

 private:
  struct Part {
    SurfaceKind kind;
    int label;
    Detail detail;
    auto operator<=>(const Part&) const = default;
  };

  bool isHurried() const { return (moving_ || previewed_) && !still_; }
  void style();
  void styleActor(const Part& part, vtkActor& actor);
  bool isDrawn(const Part& part) const;
  void placePlane();
  void boundsOfOrgans(double (&bounds)[6]) const;
  bool shows(SurfaceKind kind) const;

  vtkNew<vtkRenderer> renderer_;
  vtkNew<vtkPlane> plane_;
  ColourBar colour_bar_;
  std::map<Part, vtkSmartPointer<vtkActor>> actors_;
  std::vector<bool> hidden_;
  double distance_range_ = 5;
  double clip_depth_ = 0.5;
  int selected_ = 0;
  SceneMode mode_ = SceneMode::shells;
  CameraPreset preset_ = CameraPreset::anterior;
  bool clipped_ = false;
  bool moving_ = false;
  bool previewed_ = false;
  bool still_ = false;
  bool framed_ = false;
};

}  // namespace rind::rendering
