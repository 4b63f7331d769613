#include "rind/panels/case_list.h"

#include <QScrollBar>
#include <QSignalBlocker>

#include "rind/panels/case_line.h"

namespace rind::panels {
namespace {

constexpr int kIdRole = Qt::UserRole;
constexpr int kSide = 32;  // of a picture, in pixels of the screen
constexpr int kMostPictures = 300;
const QString kWarning = QStringLiteral("⚠ ");

QString wordsOf(const QListWidgetItem& line) {
  QStringList words = {line.text(), line.data(kPurposeRole).toString(), line.data(kProblemRole).toString()};
  if (line.data(kCheckedRole).toBool()) words << CaseList::tr("checked");
  words.removeAll(QString());
  return words.join(' ');
}

// The case's own file need not be named beside its name.
QString inShort(const QString& problem, const QString& id) {
  const QString line = problem.section('\n', 0, 0);
  return line.section(' ', 0, 0).contains(id) ? line.section(' ', 1) : line;
}

void mark(QListWidgetItem& line, const QString& problem, bool checked) {
  const QString id = line.data(kIdRole).toString();
  line.setText(problem.isEmpty() ? id : kWarning + id);
  line.setData(kProblemRole, inShort(problem, id));
  line.setData(kCheckedRole, checked && problem.isEmpty());
  line.setToolTip(problem);
  line.setData(Qt::AccessibleTextRole, wordsOf(line));
}

// The same on a line that is chosen: a style would tint it.
QIcon iconOf(const QPixmap& picture) {
  QIcon icon(picture);
  icon.addPixmap(picture, QIcon::Selected);
  return icon;
}

}  // namespace

CaseList::CaseList(QWidget* parent) : QListWidget(parent), pictures_(new QAction(tr("Thumbnails"), this)) {
  setObjectName("caseList");
  setAccessibleName(tr("Cases"));
  setUniformItemSizes(true);
  setItemDelegate(new CaseLineDelegate(this));
  QPixmap blank(kSide, kSide);
  QColor ground = palette().color(QPalette::Mid);
  ground.setAlpha(110);
  blank.fill(ground);
  blank_ = iconOf(blank);
  pictures_->setObjectName("thumbnails");
  pictures_->setCheckable(true);
  pictures_->setChecked(true);
  addAction(pictures_);
  setContextMenuPolicy(Qt::ActionsContextMenu);
  soon_.setSingleShot(true);
  soon_.setInterval(0);
  connect(&soon_, &QTimer::timeout, this, &CaseList::look);
  connect(pictures_, &QAction::toggled, this, &CaseList::showPictures);
  connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] { soon_.start(); });
  connect(this, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item != nullptr) Q_EMIT caseChosen(item->data(kIdRole).toString());
  });
  showPictures();
}

void CaseList::setCases(const QStringList& ids) {
  const QSignalBlocker quiet(this);
  items_.clear();
  pictured_.clear();
  clear();
  for (const auto& id : ids) {
    auto* item = new QListWidgetItem(this);
    item->setData(kIdRole, id);
    mark(*item, {}, false);
    items_[id] = item;
  }
  showPictures();
}

void CaseList::setPurposes(const QHash<QString, QString>& purposes) {
  for (auto item = items_.cbegin(); item != items_.cend(); ++item) {
    item.value()->setData(kPurposeRole, purposes.value(item.key()));
    item.value()->setData(Qt::AccessibleTextRole, wordsOf(*item.value()));
  }
}

void CaseList::setCurrent(const QString& id) {
  const QSignalBlocker quiet(this);
  auto* item = items_.value(id);
  if (item == nullptr) return;
  setCurrentItem(item);
  scrollToItem(item);
}

void CaseList::setProblem(const QString& id, const QString& text) {
  if (auto* item = items_.value(id)) mark(*item, text, false);
}

void CaseList::setChecked(const QMap<QString, QString>& problems) {
  for (auto item = items_.cbegin(); item != items_.cend(); ++item)
    mark(*item.value(), problems.value(item.key()), true);
}

void CaseList::setPicture(const QString& id, const QImage& picture) {
  auto* item = items_.value(id);
  if (item == nullptr || !pictures_->isChecked()) return;
  item->setIcon(iconOf(QPixmap::fromImage(picture)));
  pictured_.insert(item);
  if (pictured_.size() > kMostPictures) letGo();
}

void CaseList::step(int by) {
  int row = currentRow() + by;
  while (row >= 0 && row < count() && item(row)->isHidden()) row += by;
  if (row >= 0 && row < count()) setCurrentRow(row);
}

void CaseList::filter(const QString& text) {
  for (int i = 0; i < count(); ++i) item(i)->setHidden(!item(i)->text().contains(text, Qt::CaseInsensitive));
  soon_.start();
}

void CaseList::resizeEvent(QResizeEvent* event) {
  QListWidget::resizeEvent(event);
  soon_.start();
}

void CaseList::showEvent(QShowEvent* event) {
  QListWidget::showEvent(event);
  soon_.start();
}

// Without pictures the lines are as high as their text.
void CaseList::showPictures() {
  const bool shown = pictures_->isChecked();
  setIconSize(shown ? QSize(kSide, kSide) : QSize(0, 0));
  pictured_.clear();
  for (int i = 0; i < count(); ++i) item(i)->setIcon(shown ? blank_ : QIcon());
  doItemsLayout();
  soon_.start();
}

std::vector<QListWidgetItem*> CaseList::seen() const {
  std::vector<QListWidgetItem*> lines;
  const QRect window = viewport()->rect();
  const auto* first = itemAt(window.topLeft() + QPoint(2, 2));
  for (int i = first == nullptr ? 0 : row(first); i < count(); ++i) {
    if (item(i)->isHidden()) continue;
    if (visualItemRect(item(i)).top() > window.bottom()) break;
    lines.push_back(item(i));
  }
  return lines;
}

void CaseList::look() {
  QStringList ids;
  if (pictures_->isChecked() && isVisible())
    for (const auto* line : seen())
      if (!pictured_.contains(line)) ids << line->data(kIdRole).toString();
  Q_EMIT picturesWanted(ids);
}

void CaseList::letGo() {
  QSet<const QListWidgetItem*> kept;
  for (const auto* line : seen())
    if (pictured_.contains(line)) kept.insert(line);
  for (auto* item : items_)
    if (pictured_.contains(item) && !kept.contains(item)) item->setIcon(blank_);
  pictured_ = kept;
}

}  // namespace rind::panels
