#pragma once

#include <vtkActor.h>
#include <vtkNew.h>
#include <vtkPlane.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>
#include <vtkTextActor.h>

#include <map>
#include <utility>

#include "rind/rendering/surfaces.h"

namespace rind::rendering {

enum class CameraPreset { anterior, posterior, left, right, superior, inferior };

/// What the 3D view shows: shells (outer surface translucent, what the band leaves inside solid), the
/// prediction, or both (the prediction inside the reference's translucent surface).
enum class SceneMode { shells, prediction, both };

/// The 3D scene in whatever render window it is handed: surfaces of the organs, coloured as in the table.
class ShellScene {
 public:
  explicit ShellScene(vtkRenderWindow* window);

  void setSurfaces(SurfaceKind kind, const std::vector<Surface>& surfaces, const core::LabelSet& labels);
  void clear();
  void setMode(SceneMode mode);
  SceneMode mode() const { return mode_; }
  /// Cuts away what lies before the plane through the middle that faces the camera's preset.
  void setClipped(bool clipped);
  void setShown(const models::CaseModel& model);
  void look(CameraPreset preset);
  void setBackground(double red, double green, double blue);
  /// While the camera moves, transparency is drawn roughly: software OpenGL has to keep up.
  void setMoving(bool moving);
  void setCaption(const std::string& text);
  /// The class under a pixel (origin at the bottom left), 0 where there is none.
  int labelAt(double x, double y);
  /// Triangles on the screen, for tests and the status line.
  long long triangles() const;
  vtkRenderer* renderer() { return renderer_; }

 private:
  void style();
  bool shows(SurfaceKind kind) const;

  vtkNew<vtkRenderer> renderer_;
  vtkNew<vtkPlane> plane_;
  vtkNew<vtkTextActor> caption_;
  std::map<std::pair<SurfaceKind, int>, vtkSmartPointer<vtkActor>> actors_;
  std::vector<bool> hidden_;
  int selected_ = 0;
  SceneMode mode_ = SceneMode::shells;
  CameraPreset preset_ = CameraPreset::anterior;
  bool clipped_ = false;
  bool framed_ = false;
};

}  // namespace rind::rendering
