#include "rind/rendering/colour_bar.h"

#include <vtkTextProperty.h>

#include <QObject>
#include <array>
#include <cmath>

#include "rind/models/heat_map.h"

namespace rind::rendering {
namespace {

constexpr int kColours = 256;
constexpr std::array<double, 3> kInside = {0.13, 0.47, 0.81};
constexpr std::array<double, 3> kOn = {0.93, 0.93, 0.91};
constexpr std::array<double, 3> kOutside = {0.90, 0.52, 0.00};

}  // namespace

ColourBar::ColourBar(vtkRenderer& renderer) {
  table_->SetNumberOfTableValues(kColours);
  bar_->SetLookupTable(table_);
  bar_->SetNumberOfLabels(3);
  bar_->SetPosition(0.86, 0.06);
  bar_->SetWidth(0.12);
  bar_->SetHeight(0.42);
  bar_->SetBarRatio(0.25);
  bar_->SetUnconstrainedFontSize(true);
  for (auto* text : {bar_->GetLabelTextProperty(), bar_->GetTitleTextProperty()}) {
    text->SetFontSize(11);
    text->SetColor(0.85, 0.88, 0.92);
    text->ItalicOff();
    text->BoldOff();
    text->ShadowOff();
  }
  bar_->SetVisibility(0);
  renderer.AddActor2D(bar_);
}

void ColourBar::hide() {
  bar_->SetVisibility(0);
}

void ColourBar::showDistance(double millimetres) {
  for (int i = 0; i < kColours; ++i) {
    const double side = 2.0 * i / (kColours - 1) - 1;
    const auto& end = side < 0 ? kInside : kOutside;
    const double share = std::sqrt(std::abs(side));  // small distances are the common ones
    table_->SetTableValue(i, kOn[0] + (end[0] - kOn[0]) * share, kOn[1] + (end[1] - kOn[1]) * share,
                          kOn[2] + (end[2] - kOn[2]) * share, 1);
  }
  table_->SetTableRange(-millimetres, millimetres);
  bar_->SetTitle(QObject::tr("mm\noutside +\ninside -").toUtf8().constData());
  bar_->SetLabelFormat("%+.0f");
  bar_->SetVisibility(1);
}

void ColourBar::showGradient() {
  for (int i = 0; i < kColours; ++i) {
    const std::uint32_t colour = models::heatColour(static_cast<std::uint8_t>(i));
    table_->SetTableValue(i, (colour >> 16 & 0xFFU) / 255.0, (colour >> 8 & 0xFFU) / 255.0,
                          (colour & 0xFFU) / 255.0, 1);
  }
  table_->SetTableRange(0, 1);
  bar_->SetTitle(QObject::tr("gradient\nroot of share\nof largest").toUtf8().constData());
  bar_->SetLabelFormat("%.1f");
  bar_->SetVisibility(1);
}

}  // namespace rind::rendering
