#pragma once

#include <vtkLookupTable.h>
#include <vtkNew.h>
#include <vtkRenderer.h>
#include <vtkScalarBarActor.h>

namespace rind::rendering {

/// The colours of painted surfaces, and the bar that explains them.
class ColourBar {
 public:
  explicit ColourBar(vtkRenderer& renderer);

  void hide();
  /// Blue inside, white on, orange outside; ±`millimetres` at the ends.
  void showDistance(double millimetres);
  /// As the slices' heat map.
  void showGradient();
  vtkLookupTable* table() { return table_; }

 private:
  vtkNew<vtkLookupTable> table_;
  vtkNew<vtkScalarBarActor> bar_;
};

}  // namespace rind::rendering
