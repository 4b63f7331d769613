#include "rind/workbench/picture.h"

#include <QAbstractScrollArea>
#include <QBuffer>
#include <QCoreApplication>
#include <QImageWriter>
#include <QLayout>
#include <QPainter>
#include <QRegularExpression>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/rendering/scene_picture.h"
#include "rind/workbench/window_parts.h"

namespace rind::workbench {
namespace {

// Pictures as large as these have letters of the usual size, larger ones larger letters.
constexpr QSizeF kPlainWindow(1920, 1080);
constexpr QSizeF kPlainView(640, 480);

double scaleFor(const QSize& pixels, const QSizeF& plain) {
  return std::max(1.0, std::min(pixels.width() / plain.width(), pixels.height() / plain.height()));
}

std::string textOf(const QSize& size) {
  return std::to_string(size.width()) + "x" + std::to_string(size.height());
}

void checkSize(const QSize& size, const std::string& text) {
  const auto& small = kSmallestPicture;
  const auto& large = kLargestPicture;
  if (size.expandedTo(small) != size || size.boundedTo(large) != size)
    throw core::InputError("--size", "\"" + text + "\" is no size of a picture",
                           "give WIDTHxHEIGHT in pixels, from " + textOf(small) + " to " + textOf(large) +
                               ", such as 1920x1080");
}

QImage drawView(ViewGrid& views, int view, const PictureRequest& request) {
  const double scale = scaleFor(request.size, kPlainView);
  if (view == ViewGrid::k3d)
    return rendering::drawScene(*views.renderWidget(), views.sceneView().scene(),
                                {request.size, scale, request.transparent});
  return views.slice(view)->picture(request.size, scale, request.transparent);
}

/// The window's parts laid out in another size, and again in its own at the end; the window itself stays.
class Layout {
 public:
  Layout(QMainWindow& window, const QSize& size, const QString& parts)
      : window_(window), before_(readParts(window)) {
    // Through the parts' own sizes: splitters divide room by where they stood before.
    layOut(window_, parts.isEmpty() ? before_ : parts);
    window_.layout()->setGeometry(QRect({}, size));
    // Scroll bars come and go by posted calls.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    for (auto* area : window_.findChildren<QAbstractScrollArea*>())
      QCoreApplication::sendPostedEvents(area, QEvent::MetaCall);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
  }
  ~Layout() {
    layOut(window_, before_);
    window_.update();
  }
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;

 private:
  QMainWindow& window_;
  QString before_;
};

// The window paints what its frame buffer holds; this is drawn with the picture's pixels.
void drawSceneOver(QPainter& painter, QMainWindow& window, ViewGrid& views, double scale) {
  auto* widget = views.renderWidget();
  if (!widget->isVisible() || !widget->isWorking()) return;
  const QRectF place(widget->mapTo(&window, QPoint()), widget->size());
  const QSize pixels = (place.size() * scale).toSize();
  painter.drawImage(place, rendering::drawScene(*widget, views.sceneView().scene(), {pixels, scale, false}));
}

QImage drawWindow(QMainWindow& window, ViewGrid& views, const PictureRequest& request) {
  const QSize& pixels = request.size;
  const QSizeF least = window.layout()->minimumSize();
  const double fits = std::min(pixels.width() / least.width(), pixels.height() / least.height());
  const double scale = std::min(scaleFor(pixels, kPlainWindow), fits);
  const QSize plain((QSizeF(pixels) / scale).toSize());
  QImage image(pixels, QImage::Format_RGB32);
  image.fill(window.palette().color(QPalette::Window));
  // Letters are hinted for a ratio; it cannot be below 1.
  const double ratio = std::max(1.0, scale);
  image.setDevicePixelRatio(ratio);
  const Layout layout(window, plain, request.panels);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.scale(scale / ratio, scale / ratio);
  for (auto* part : window.findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
    if (window.layout()->indexOf(part) >= 0 && part->isVisibleTo(&window))
      part->render(&painter, part->pos());
  drawSceneOver(painter, window, views, scale);
  painter.end();
  image.setDevicePixelRatio(1);
  return image;
}

}  // namespace

const QStringList& pictureViews() {
  static const QStringList views = {"axial", "coronal", "sagittal", "3d", "window"};
  return views;
}

QSize parsePictureSize(const QString& text) {
  static const QRegularExpression pattern("^(\\d{1,6})[xX×](\\d{1,6})$");
  const auto match = pattern.match(text);
  const QSize size = match.hasMatch() ? QSize(match.captured(1).toInt(), match.captured(2).toInt()) : QSize();
  checkSize(size, text.toStdString());
  return size;
}

void validate(const PictureRequest& request) {
  if (!pictureViews().contains(request.view))
    throw core::InputError("--view", "cannot be \"" + request.view.toStdString() + "\"",
                           "choose one of: " + pictureViews().join(", ").toStdString());
  checkSize(request.size, textOf(request.size));
  if (!request.panels.isEmpty() && request.view != "window")
    throw core::InputError("--panels", "is for the whole window only",
                           "leave it out, or choose --view window");
  if (request.transparent && request.view == "window")
    throw core::InputError("--transparent", "is not for the whole window", "choose another --view");
  if (!request.file.endsWith(".png", Qt::CaseInsensitive))
    throw core::InputError(request.file.toStdString(), "is not a kind of file that a picture can be",
                           "choose a name that ends in .png");
}

QImage drawPicture(QMainWindow& window, ViewGrid& views, const PictureRequest& request) {
  const auto view = pictureViews().indexOf(request.view);
  return view < ViewGrid::kViews ? drawView(views, static_cast<int>(view), request)
                                 : drawWindow(window, views, request);
}

void writePicture(const QImage& image, const QString& file, const std::function<void()>& beside) {
  QBuffer bytes;
  bytes.open(QIODevice::WriteOnly);
  QImageWriter writer(&bytes, "png");
  if (!writer.write(image))
    throw core::InputError(file.toStdString(), "cannot be made: " + writer.errorString().toStdString(),
                           "choose a smaller picture");
  core::writeFileWhole(file.toStdString(), [&](std::ostream& out) {
    if (out.write(bytes.data().constData(), bytes.size()).flush() && beside) beside();
  });
}

}  // namespace rind::workbench
