#include "rind/workbench/layer_bar.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <algorithm>

namespace rind::workbench {
namespace {

constexpr int kRoomBetween = 12;

QString errorLegend() {
  return QObject::tr(
      "<span style='color:#56B4E9'>■</span> missed  <span style='color:#E69F00'>■</span> invented  "
      "<span style='color:#CC79A7'>■</span> confused");
}

QString heatLegend(const models::HeatMap& heat) {
  QString blocks;
  for (const int level : {32, 96, 160, 255}) {
    const std::uint32_t colour = models::heatColour(static_cast<std::uint8_t>(level));
    blocks +=
        QStringLiteral("<span style='color:#%1'>■</span>").arg(colour & 0xFFFFFFU, 6, 16, QLatin1Char('0'));
  }
  return QObject::tr("|∂%1/∂z| 0 %2 %3")
      .arg(QString::fromStdString(heat.loss).toUpper(), blocks)
      .arg(heat.largest, 0, 'g', 2);
}

}  // namespace

QToolButton* makeToggle(const QString& text, const QString& name, const QString& tip) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setObjectName(name);
  button->setAccessibleName(text);
  button->setToolTip(tip);
  button->setCheckable(true);
  button->setProperty("role", "toggle");
  return button;
}

LayerBar::LayerBar(models::CaseModel& shown, QWidget* parent) : QWidget(parent), case_(shown) {
  rows_ = new QBoxLayout(QBoxLayout::LeftToRight, this);
  rows_->setContentsMargins(2, 0, 2, 0);
  rows_->setSpacing(4);
  toggles_ = addRow();
  look_ = addRow();
  rows_->setStretch(1, 1);
  reference_ = addToggle(tr("Reference"), "layerReference", "1", tr("The labels of the data set (key 1)"));
  band_ = addToggle(tr("Band"), "layerBand", "2", tr("The contour band at the settings on the left (key 2)"));
  prediction_ = addToggle(tr("Prediction"), "layerPrediction", "3",
                          tr("Outline of the prediction of the epoch chosen below (key 3)"));
  error_ = addToggle(tr("Error"), "layerError", "4",
                     tr("Where prediction and reference differ (key 4): <b>blue</b> missed, <b>orange</b> "
                        "invented, <b>pink</b> taken for another organ"));
  heat_ =
      addToggle(tr("Gradient"), "layerHeat", "5",
                tr("Size of the loss's gradient at every voxel, by the network as it is now (key 5): where "
                   "the next step pulls. Another loss is chosen in \"Where the loss looks\"."));
  opacity_ = new QSlider(Qt::Horizontal);
  opacity_->setObjectName("layerOpacity");
  opacity_->setAccessibleName(tr("Opacity of the layers"));
  opacity_->setToolTip(tr("Opacity of the layers"));
  opacity_->setRange(0, 100);
  opacity_->setFixedWidth(56);
  connect(opacity_, &QSlider::valueChanged, this, &LayerBar::store);
  toggles_->addStretch(1);
  look_->addWidget(opacity_);
  legend_ = new QLabel;
  legend_->setObjectName("layerLegend");
  legend_->setProperty("role", "quiet");
  legend_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  look_->addWidget(legend_, 1);
  addWindowing();
  connect(&shown, &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & models::Change::data) showCase();
    if (what & (models::Change::display | models::Change::heat)) showLayers();
  });
  showLayers();
  showCase();
}

QHBoxLayout* LayerBar::addRow() {
  auto* row = new QHBoxLayout;
  row->setSpacing(4);
  rows_->addLayout(row);
  return row;
}

void LayerBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

void LayerBar::arrange() {
  const int needed = toggles_->minimumSize().width() + look_->minimumSize().width() +
                     legend_->sizeHint().width() + kRoomBetween;
  rows_->setDirection(width() < needed ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

QSize LayerBar::minimumSizeHint() const {
  const int widest = std::max(toggles_->minimumSize().width(), look_->minimumSize().width());
  return {widest + 4, QWidget::minimumSizeHint().height()};
}

QToolButton* LayerBar::addToggle(const QString& text, const char* name, const char* key, const QString& tip) {
  auto* button = makeToggle(text, name, tip);
  button->setShortcut(QKeySequence(key));
  connect(button, &QToolButton::toggled, this, &LayerBar::store);
  toggles_->addWidget(button);
  return button;
}

void LayerBar::addWindowing() {
  channel_ = new QComboBox;
  channel_->setObjectName("imageChannel");
  channel_->setAccessibleName(tr("Channel of the image"));
  channel_->setToolTip(tr("Which of the image's channels is shown"));
  window_ = new QComboBox;
  window_->setObjectName("windowPreset");
  window_->setAccessibleName(tr("Window and level"));
  window_->setToolTip(
      tr("Which intensities become black and white. <b>Shift</b> and drag in a slice sets them "
         "by hand: across for the window, down for the level."));
  window_->addItems({tr("usual window"), tr("organs"), tr("everything")});
  connect(channel_, &QComboBox::activated, &case_, &models::CaseModel::setChannel);
  connect(window_, &QComboBox::activated, this,
          [this](int index) { case_.applyWindow(static_cast<models::WindowPreset>(index)); });
  look_->addWidget(channel_);
  look_->addWidget(window_);
}

void LayerBar::store() {
  models::Layers layers;
  layers.reference = reference_->isChecked();
  layers.band = band_->isChecked();
  layers.prediction = prediction_->isChecked();
  layers.error = error_->isChecked();
  layers.heat = heat_->isChecked();
  layers.opacity = opacity_->value() / 100.0;
  case_.setLayers(layers);
}

void LayerBar::showLayers() {
  const auto& layers = case_.layers();
  const std::pair<QToolButton*, bool> states[] = {{reference_, layers.reference},
                                                  {band_, layers.band},
                                                  {prediction_, layers.prediction},
                                                  {error_, layers.error},
                                                  {heat_, layers.heat}};
  for (const auto& [button, on] : states) {
    const QSignalBlocker quiet(button);
    button->setChecked(on);
  }
  const QSignalBlocker quiet(opacity_);
  opacity_->setValue(qRound(layers.opacity * 100));
  const auto heat = case_.heat();
  legend_->setText(layers.heat && heat ? heatLegend(*heat) : layers.error ? errorLegend() : QString());
  arrange();
}

void LayerBar::showCase() {
  const QSignalBlocker quiet(channel_);
  channel_->clear();
  const int channels = case_.empty() ? 0 : case_.loaded().prepared.channels;
  for (int i = 0; i < channels; ++i) {
    const auto& names = case_.loaded().channels;
    const auto at = static_cast<std::size_t>(i);
    channel_->addItem(at < names.size() ? QString::fromStdString(names[at]) : tr("channel %1").arg(i + 1));
  }
  channel_->setCurrentIndex(case_.channel());
  channel_->setVisible(channels > 1);
  arrange();
}

}  // namespace rind::workbench
