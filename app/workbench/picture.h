#pragma once

#include <QImage>
#include <QMainWindow>
#include <functional>

#include "rind/workbench/view_grid.h"

namespace rind::workbench {

constexpr QSize kSmallestPicture(64, 64);
constexpr QSize kLargestPicture(7680, 4320);

struct PictureRequest {
  /// Ends in .png.
  QString file;
  /// window, axial, coronal, sagittal or 3d.
  QString view = "window";
  /// Pixels, whatever the window's.
  QSize size;
  /// What lies beside the image or the organs is; not for the window.
  bool transparent = false;
  /// Of the window: how its parts stand (readParts); empty: as they do now.
  QString panels;
};

const QStringList& pictureViews();

/// "1920x1080". Throws InputError naming --size where it is none or out of bounds.
QSize parsePictureSize(const QString& text);

/// Throws InputError: an unknown view, a size out of bounds, a transparent window, another kind of file.
void validate(const PictureRequest& request);

/// Draws what is asked for with that many pixels. Letters and lines grow with the picture, so that it looks
/// alike at any size. Throws InputError where 3D cannot be drawn.
QImage drawPicture(QMainWindow& window, ViewGrid& views, const PictureRequest& request);

/// As PNG, whole or not at all. `beside`, where there is one, writes what belongs to it before the picture
/// takes its name: where that throws there is no picture. Throws InputError naming the file.
void writePicture(const QImage& image, const QString& file, const std::function<void()>& beside = {});

}  // namespace rind::workbench
