#include "rind/charts/curve_chart.h"

#include <QEvent>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QMouseEvent>
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <cmath>
#include <map>

#include "rind/charts/chart_axis.h"

namespace rind::charts {
namespace {

constexpr double kDot = 6;  // pixels

}  // namespace

CurveChart::CurveChart(QWidget* parent)
    : QChartView(parent),
      across_(new QValueAxis(this)),
      up_(new QValueAxis(this)),
      powers_(new QLogValueAxis(this)) {
  powers_->setBase(10);
  powers_->setLabelFormat("%g");
  powers_->setMinorTickCount(8);
  setRenderHint(QPainter::Antialiasing);
  setRubberBand(QChartView::RectangleRubberBand);
  setFrameShape(QFrame::NoFrame);
  // What drawForeground draws is no item: where the plot moved, a part of it would be left behind.
  setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
  setMouseTracking(true);
  setMinimumSize(130, 100);
  chart()->setMargins({0, 0, 0, 0});
  chart()->setBackgroundRoundness(0);
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  chart()->addAxis(across_, Qt::AlignBottom);
  chart()->addAxis(up_, Qt::AlignLeft);
  QFont small = font();
  small.setPointSizeF(small.pointSizeF() * 0.85);
  across_->setLabelsFont(small);
  up_->setLabelsFont(small);
  powers_->setLabelsFont(small);
  chart()->legend()->setFont(small);
  chart()->legend()->setAlignment(Qt::AlignTop);
  chart()->legend()->setMarkerShape(QLegend::MarkerShapeRectangle);
  const auto refit = [this] {
    fitTicks(*across_, whole_numbers_);
    fitTicks(*up_, false);
  };
  for (auto* axis : {across_, up_}) {
    connect(axis, &QValueAxis::minChanged, this, refit);
    connect(axis, &QValueAxis::maxChanged, this, refit);
  }
  const auto refit_powers = [this] { fitPowers(*powers_); };
  connect(powers_, &QLogValueAxis::minChanged, this, refit_powers);
  connect(powers_, &QLogValueAxis::maxChanged, this, refit_powers);
  setCurves({});
  applyPalette();
}

void CurveChart::setAxes(const QString& horizontal, bool whole_numbers) {
  across_name_ = horizontal;
  whole_numbers_ = whole_numbers;
}

void CurveChart::setVerticalRange(double low, double high) {
  fixed_ = Range{low, high};
  measureWhole();
  setTicks(*up_, low, high, false);
}

void CurveChart::setLegendVisible(bool visible) {
  chart()->legend()->setVisible(visible);
}

void CurveChart::setEmptyText(const QString& text) {
  empty_text_ = text;
  viewport()->update();
}

void CurveChart::setState(const QString& text) {
  if (text == state_) return;
  state_ = text;
  viewport()->update();
}

int CurveChart::pointCount() const {
  int count = 0;
  for (const auto& curve : curves_) count += static_cast<int>(curve.points.size());
  return count;
}

void CurveChart::setCurves(const std::vector<Curve>& curves) {
  curves_ = curves;
  while (series_.size() > curves.size()) {
    chart()->removeSeries(series_.back());
    delete series_.back();
    series_.pop_back();
  }
  while (series_.size() < curves.size()) addSeries();
  fillSeries();
  across_->setVisible(pointCount() > 0);
  up_->setVisible(pointCount() > 0);
  powers_->setVisible(pointCount() > 0);
  measureWhole();
  if (!zoomed_) fitAxes();
}

void CurveChart::addSeries() {
  auto* series = new QLineSeries;
  chart()->addSeries(series);
  series->attachAxis(across_);
  series->attachAxis(logarithmic_ ? static_cast<QAbstractAxis*>(powers_) : up_);
  series_.push_back(series);
  for (auto* marker : chart()->legend()->markers(series))
    connect(marker, &QLegendMarker::clicked, this,
            [this, series] { setCurveVisible(series->name(), !series->isVisible()); });
}

void CurveChart::fillSeries() {
  for (std::size_t i = 0; i < curves_.size(); ++i) {
    auto points = curves_[i].points;
    if (logarithmic_) points.removeIf([](const QPointF& point) { return point.y() <= 0; });
    const bool visible = !hidden_.contains(curves_[i].name);
    series_[i]->setName(curves_[i].name);
    series_[i]->setPen(QPen(curves_[i].colour, curves_[i].width));
    series_[i]->replace(points);
    series_[i]->setPointsVisible(points.size() == 1);  // one epoch makes no line yet
    series_[i]->setMarkerSize(kDot);
    series_[i]->setVisible(visible);
    for (auto* marker : chart()->legend()->markers(series_[i])) {
      marker->setVisible(true);  // the legend drops hidden curves, which could not be shown again
      QColor label = chart()->legend()->labelColor();
      label.setAlphaF(visible ? 1 : 0.4F);
      marker->setLabelBrush(label);
    }
  }
}

void CurveChart::setLogarithmic(bool logarithmic) {
  if (logarithmic == logarithmic_) return;
  logarithmic_ = logarithmic;
  QAbstractAxis* before = logarithmic ? static_cast<QAbstractAxis*>(up_) : powers_;
  QAbstractAxis* after = logarithmic ? static_cast<QAbstractAxis*>(powers_) : up_;
  chart()->removeAxis(before);  // takes it off its curves and gives it back
  before->setParent(this);
  for (auto* series : series_) series->clear();  // what is not positive must not meet the new axis
  chart()->addAxis(after, Qt::AlignLeft);
  for (auto* series : series_) series->attachAxis(after);
  zoomed_ = false;
  setCurves(std::vector<Curve>(curves_));
}

void CurveChart::setCurveVisible(const QString& name, bool visible) {
  hidden_.removeAll(name);
  if (!visible) hidden_ << name;
  setCurves(std::vector<Curve>(curves_));
}

// Those at one place are one. A resumed run says again what it had changed.
void CurveChart::setMarkers(const std::vector<ChartMarker>& markers) {
  std::map<double, QStringList> places;
  for (const auto& [x, text] : markers)
    if (!places[x].contains(text)) places[x] << text;
  markers_.clear();
  for (const auto& [x, texts] : places) markers_.push_back({x, texts.join(QStringLiteral(", "))});
  viewport()->update();
}

void CurveChart::applyPalette() {
  const QColor text = palette().color(QPalette::WindowText);
  const QColor base = palette().color(QPalette::Base);
  const QColor quiet = blended(base, text, 0.62);
  const QColor grid = blended(base, text, 0.13);
  chart()->setBackgroundBrush(base);
  setBackgroundBrush(base);
  for (QAbstractAxis* axis : std::initializer_list<QAbstractAxis*>{across_, up_, powers_}) {
    axis->setLabelsColor(quiet);
    axis->setGridLineColor(grid);
    axis->setMinorGridLineColor(blended(base, text, 0.07));
    axis->setLinePenColor(blended(base, text, 0.3));
  }
  chart()->legend()->setLabelColor(quiet);
}

void CurveChart::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) applyPalette();
  QChartView::changeEvent(event);
}

void CurveChart::mouseMoveEvent(QMouseEvent* event) {
  pointer_ = event->position();
  viewport()->update();
  QChartView::mouseMoveEvent(event);
  if ((event->buttons() & Qt::LeftButton) && pointCount() > 0) zoomed_ = true;
}

void CurveChart::leaveEvent(QEvent* event) {
  pointer_ = {-1, -1};
  viewport()->update();
  QChartView::leaveEvent(event);
}

}  // namespace rind::charts
