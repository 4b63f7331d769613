#include "rind/charts/chart_file.h"

#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::charts {
namespace {

namespace fs = std::filesystem;

void writePng(CurveChart& chart, const fs::path& path) {
  QImage image(chart.viewport()->size() * 2, QImage::Format_ARGB32_Premultiplied);
  image.fill(chart.backgroundBrush().color());
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  chart.render(&painter);
  painter.end();
  if (!image.save(QString::fromStdString(path.string())))
    throw core::InputError(path.string(), "cannot be written", "choose another folder");
}

void writeSvg(CurveChart& chart, const fs::path& path) {
  QSvgGenerator file;
  file.setFileName(QString::fromStdString(path.string()));
  file.setSize(chart.viewport()->size());
  file.setViewBox(QRect(QPoint(), chart.viewport()->size()));
  file.setTitle(chart.accessibleName());
  QPainter painter(&file);
  chart.render(&painter);
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
    core::writeNamedFileWhole(path, [&chart](const fs::path& file) { writePng(chart, file); });
  else if (extension == ".svg")
    core::writeNamedFileWhole(path, [&chart](const fs::path& file) { writeSvg(chart, file); });
  else
    throw core::InputError(path.string(), "is not a kind of file that a chart can be",
                           "choose a name that ends in .png, .svg or .csv");
}

}  // namespace rind::charts
