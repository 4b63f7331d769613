#include "rind/charts/chart_file.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::charts {
namespace {

namespace fs = std::filesystem;

std::string_view textOf(const QBuffer& bytes) {
  return {bytes.data().constData(), static_cast<std::size_t>(bytes.size())};
}

void writePng(CurveChart& chart, const fs::path& path) {
  QImage image(chart.viewport()->size() * 2, QImage::Format_ARGB32_Premultiplied);
  image.fill(chart.backgroundBrush().color());
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  chart.render(&painter);
  painter.end();
  QBuffer bytes;
  bytes.open(QIODevice::WriteOnly);
  if (!image.save(&bytes, "png"))
    throw core::InputError(path.string(), "cannot be made", "make the window smaller");
  core::writeFileWhole(path, textOf(bytes));
}

void writeSvg(CurveChart& chart, const fs::path& path) {
  QBuffer bytes;
  bytes.open(QIODevice::WriteOnly);
  QSvgGenerator file;
  file.setOutputDevice(&bytes);
  file.setSize(chart.viewport()->size());
  file.setViewBox(QRect(QPoint(), chart.viewport()->size()));
  file.setTitle(chart.accessibleName());
  QPainter painter(&file);
  chart.render(&painter);
  painter.end();
  core::writeFileWhole(path, textOf(bytes));
}

std::string quoted(const QString& name) {
  return '"' + QString(name).replace('"', "\"\"").toStdString() + '"';
}

}  // namespace

std::string toCsv(const CurveChart& chart) {
  std::string text = "curve," + chart.horizontalName().toStdString() + ",value\n";
  for (const auto& curve : chart.curves())
    for (const auto& point : curve.points)
      text += quoted(curve.name) + ',' + QString::number(point.x(), 'g', 12).toStdString() + ',' +
              QString::number(point.y(), 'g', 9).toStdString() + '\n';
  return text;
}

void writeChart(CurveChart& chart, const fs::path& path) {
  const auto extension = path.extension();
  if (extension == ".csv")
    core::writeFileWhole(path, toCsv(chart));
  else if (extension == ".png")
    writePng(chart, path);
  else if (extension == ".svg")
    writeSvg(chart, path);
  else
    throw core::InputError(path.string(), "is not a kind of file that a chart can be",
                           "choose a name that ends in .png, .svg or .csv");
}

}  // namespace rind::charts
