#pragma once

#include <QChartView>
#include <QColor>
#include <QPointF>
#include <QString>
#include <optional>
#include <vector>

class QLineSeries;
class QLogValueAxis;
class QValueAxis;

namespace rind::charts {

struct Curve {
  QString name;
  QColor colour;
  double width = 1.5;
  QList<QPointF> points;
};

/// A labelled vertical line.
struct ChartMarker {
  double x = 0;
  QString text;
};

/// Curves over one horizontal axis with markers, a read-out under the cursor, zoom by dragging and by wheel,
/// the whole again by a double click, and a legend whose entries show and hide their curves. Colours follow
/// the palette.
class CurveChart : public QChartView {
  Q_OBJECT

 public:
  explicit CurveChart(QWidget* parent = nullptr);

  void setCurves(const std::vector<Curve>& curves);
  /// Those at one place are one.
  void setMarkers(const std::vector<ChartMarker>& markers);
  /// Said in the middle while there are no curves.
  void setEmptyText(const QString& text);
  const QString& emptyText() const { return empty_text_; }
  /// A word over the right upper corner ("paused"), none where empty.
  void setState(const QString& text);
  void setAxes(const QString& horizontal, bool whole_numbers);
  /// Fixes the vertical range (DSC: 0 to 1).
  void setVerticalRange(double low, double high);
  bool hasFixedRange() const { return fixed_.has_value(); }
  void setLegendVisible(bool visible);
  /// Vertically; what is not positive is left out then.
  void setLogarithmic(bool logarithmic);
  bool isLogarithmic() const { return logarithmic_; }
  /// Where the legend's entry of that name was clicked, or by hand.
  void setCurveVisible(const QString& name, bool visible);

  const std::vector<Curve>& curves() const { return curves_; }
  const QString& horizontalName() const { return across_name_; }
  int curveCount() const { return static_cast<int>(curves_.size()); }
  int pointCount() const;
  int markerCount() const { return static_cast<int>(markers_.size()); }
  /// Where each marker's label stands, in pixels: empty where it is out of sight or has no room.
  std::vector<QRectF> markerBoxes() const;
  /// Where the state's word stands, in pixels.
  QRectF stateBox() const;
  /// Ends zooming.
  void showAll();

 protected:
  void drawForeground(QPainter* painter, const QRectF& rectangle) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Range {
    double low = 0;
    double high = 1;
  };

  static Range held(const Range& shown, const Range& whole);
  void applyPalette();
  void measureWhole();
  void fitAxes();
  void holdRanges();
  void addSeries();
  void fillSeries();
  double pixelOf(double x) const;
  void drawMarkers(QPainter& painter, const QRectF& plot) const;
  void drawReadOut(QPainter& painter, const QRectF& plot) const;

  QValueAxis* across_;
  QValueAxis* up_;
  QLogValueAxis* powers_;  // instead of up_ while it is logarithmic
  bool logarithmic_ = false;
  QStringList hidden_;
  std::vector<QLineSeries*> series_;
  std::vector<Curve> curves_;
  std::vector<ChartMarker> markers_;
  QString empty_text_;
  QString state_;
  QString across_name_;
  QPointF pointer_{-1, -1};
  Range whole_across_;
  Range whole_up_;
  std::optional<Range> fixed_;  // vertically
  bool zoomed_ = false;
  bool whole_numbers_ = false;
};

}  // namespace rind::charts
