#include "rind/workbench/picture_dialog.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QStandardPaths>
#include <QToolButton>

#include "rind/workbench/file_dialogs.h"
#include "rind/workbench/picture_caption.h"

namespace rind::workbench {
namespace {

struct Preset {
  const char* name;
  QSize size;
};

const std::array<Preset, 5> kPresets = {
    {{QT_TRANSLATE_NOOP("rind::workbench::PictureDialog", "Slide, 1920 × 1080"), {1920, 1080}},
     {QT_TRANSLATE_NOOP("rind::workbench::PictureDialog", "Square, 2048 × 2048"), {2048, 2048}},
     {QT_TRANSLATE_NOOP("rind::workbench::PictureDialog", "Printed page, 2480 × 1754"), {2480, 1754}},
     {QT_TRANSLATE_NOOP("rind::workbench::PictureDialog", "Poster, 3840 × 2160"), {3840, 2160}},
     {QT_TRANSLATE_NOOP("rind::workbench::PictureDialog", "Largest, 7680 × 4320"), {7680, 4320}}}};

QSpinBox* makeSide(const char* name, const QString& accessible, int least, int most) {
  auto* box = new QSpinBox;
  box->setObjectName(name);
  box->setAccessibleName(accessible);
  box->setRange(least, most);
  box->setSuffix(QObject::tr(" px"));
  box->setKeyboardTracking(false);
  return box;
}

QLabel* makeNote(const char* name, const char* role) {
  auto* label = new QLabel;
  label->setObjectName(name);
  label->setProperty("role", role);
  label->setWordWrap(true);
  return label;
}

QString proposedFile(const QString& view, const QString& case_id) {
  static const QRegularExpression odd("[^A-Za-z0-9_.-]+");
  QString name = QStringLiteral("rind");
  for (const auto& part : {case_id, view})
    if (!part.isEmpty()) name += '-' + QString(part).replace(odd, "_");
  const QString folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
  return (folder.isEmpty() ? QString() : folder + '/') + name + ".png";
}

}  // namespace

PictureDialog::PictureDialog(const QString& view, const QString& case_id, QWidget* parent)
    : QDialog(parent),
      case_id_(case_id),
      view_(new QComboBox),
      preset_(new QComboBox),
      width_(makeSide("pictureWidth", tr("Width"), kSmallestPicture.width(), kLargestPicture.width())),
      height_(makeSide("pictureHeight", tr("Height"), kSmallestPicture.height(), kLargestPicture.height())),
      transparent_(new QCheckBox(tr("Transparent background"))),
      file_(new QLineEdit),
      note_(makeNote("pictureNote", "quiet")),
      problem_(makeNote("pictureProblem", "error")) {
  setObjectName("pictureDialog");
  setWindowTitle(tr("Save a picture"));
  setAttribute(Qt::WA_DeleteOnClose);
  setMinimumWidth(460);
  view_->setObjectName("pictureView");
  view_->setAccessibleName(tr("What the picture shows"));
  view_->addItems(
      {tr("Axial slice"), tr("Coronal slice"), tr("Sagittal slice"), tr("3D view"), tr("Whole window")});
  view_->setCurrentIndex(static_cast<int>(pictureViews().indexOf(view)));
  transparent_->setObjectName("pictureTransparent");
  transparent_->setToolTip(tr("Nothing lies behind the organs, or beside the slice"));
  problem_->hide();
  auto* form = new QFormLayout(this);
  form->setContentsMargins(16, 14, 16, 12);
  form->setVerticalSpacing(8);
  form->addRow(tr("Show"), view_);
  form->addRow(tr("Size"), makeSize());
  form->addRow({}, transparent_);
  form->addRow(tr("File"), makeFile());
  form->addRow({}, note_);
  form->addRow({}, problem_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
  save_ = buttons->button(QDialogButtonBox::Save);
  save_->setObjectName("pictureSave");
  for (auto* button : buttons->buttons()) button->setIcon({});
  form->addRow(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connectParts();
  showView();
}

QLayout* PictureDialog::makeSize() {
  preset_->setObjectName("pictureSize");
  preset_->setAccessibleName(tr("Size of the picture"));
  for (const auto& preset : kPresets) preset_->addItem(tr(preset.name));
  preset_->addItem(tr("Own size"));
  width_->setValue(kPresets.front().size.width());
  height_->setValue(kPresets.front().size.height());
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->addWidget(preset_, 1);
  row->addWidget(width_);
  row->addWidget(new QLabel(QStringLiteral("×")));
  row->addWidget(height_);
  return row;
}

QLayout* PictureDialog::makeFile() {
  file_->setObjectName("pictureFile");
  file_->setAccessibleName(tr("File of the picture"));
  auto* browse = new QToolButton;
  browse->setText(QStringLiteral("…"));
  browse->setProperty("role", "toggle");
  browse->setAccessibleName(tr("Choose a file"));
  browse->setToolTip(tr("Choose a file"));
  connect(browse, &QToolButton::clicked, this, &PictureDialog::browse);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->addWidget(file_, 1);
  row->addWidget(browse);
  return row;
}

void PictureDialog::connectParts() {
  connect(view_, &QComboBox::currentIndexChanged, this, &PictureDialog::showView);
  connect(preset_, &QComboBox::currentIndexChanged, this, [this](int index) {
    if (index >= static_cast<int>(kPresets.size())) return;
    const QSize& size = kPresets[static_cast<std::size_t>(index)].size;
    const QSignalBlocker quiet_width(width_);
    const QSignalBlocker quiet_height(height_);
    width_->setValue(size.width());
    height_->setValue(size.height());
  });
  for (auto* side : {width_, height_})
    connect(side, &QSpinBox::valueChanged, this,
            [this] { preset_->setCurrentIndex(static_cast<int>(kPresets.size())); });
  connect(file_, &QLineEdit::textEdited, this, [this] { named_by_hand_ = true; });
  connect(file_, &QLineEdit::textChanged, this, &PictureDialog::showFile);
  connect(save_, &QPushButton::clicked, this, [this] {
    problem_->hide();
    save_->setEnabled(false);
    Q_EMIT requested(request());
  });
}

PictureRequest PictureDialog::request() const {
  QString file = file_->text().trimmed();
  if (!file.isEmpty() && QFileInfo(file).suffix().isEmpty()) file += ".png";
  return {file,
          pictureViews().at(view_->currentIndex()),
          {width_->value(), height_->value()},
          transparent_->isEnabled() && transparent_->isChecked()};
}

void PictureDialog::setProblem(const QString& why) {
  problem_->setText(why);
  problem_->show();
  save_->setEnabled(true);
  makeRoom();
}

// A sentence of several lines is not cut.
void PictureDialog::makeRoom() {
  layout()->activate();
  resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
}

void PictureDialog::showView() {
  const QString view = pictureViews().at(view_->currentIndex());
  transparent_->setEnabled(view != "window");
  if (!named_by_hand_) file_->setText(proposedFile(view, case_id_));
  showFile();
}

void PictureDialog::showFile() {
  const QString file = request().file;
  save_->setEnabled(!file.isEmpty());
  const QString caption = QFileInfo(captionFile(file)).fileName();
  if (QFileInfo::exists(file))
    note_->setText(tr("There is such a file already: it will be replaced, and its caption %1.").arg(caption));
  else if (QFileInfo::exists(captionFile(file)))
    note_->setText(tr("There is a file %1 already: it will be replaced by the caption.").arg(caption));
  else
    note_->setText(tr("Its caption, with the command that makes it again, goes into %1.").arg(caption));
  makeRoom();
}

void PictureDialog::browse() {
  askForNewFile(this, tr("Save a picture"), tr("PNG (*.png)"), [this](const QString& path) {
    named_by_hand_ = true;
    file_->setText(path);
  });
}

}  // namespace rind::workbench
