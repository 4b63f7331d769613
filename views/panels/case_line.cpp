#include "rind/panels/case_line.h"

#include <QApplication>
#include <QPainter>
#include <algorithm>

namespace rind::panels {
namespace {

constexpr int kGap = 3;     // above and below a picture
constexpr int kIndent = 8;  // before the name
const QColor kWarning(0xD5, 0x5E, 0x00);

struct Words {
  QRect box;
  Qt::Alignment alignment;
  QString text;
  Qt::TextElideMode cut = Qt::ElideMiddle;
};

void write(QPainter& painter, const QStyleOptionViewItem& line, const Words& words) {
  painter.drawText(words.box, static_cast<int>(words.alignment),
                   line.fontMetrics.elidedText(words.text, words.cut, words.box.width()));
}

}  // namespace

void CaseLineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
  QStyleOptionViewItem line = option;
  initStyleOption(&line, index);
  const QString name = line.text;
  const QIcon picture = line.icon;
  line.text.clear();
  line.icon = {};
  QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &line, painter, line.widget);
  const int side = picture.isNull() ? 0 : line.decorationSize.width();
  if (side > 0)
    picture.paint(painter, QRect(option.rect.left() + kGap, option.rect.top() + kGap, side, side));
  QRect box = option.rect.adjusted((side > 0 ? kGap + side : 0) + kIndent, 0, -kIndent, 0);
  const bool chosen = line.state.testFlag(QStyle::State_Selected);
  const QColor ink = line.palette.color(chosen ? QPalette::HighlightedText : QPalette::Text);
  QColor faint = ink;
  faint.setAlphaF(0.7F);
  painter->save();
  if (index.data(kCheckedRole).toBool()) {
    painter->setPen(faint);
    const QRect place = box.adjusted(box.width() - line.fontMetrics.height(), 0, 0, 0);
    painter->drawText(place, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("✓"));
    box.setRight(place.left());
  }
  const QString problem = index.data(kProblemRole).toString();
  const QString purpose = problem.isEmpty() || side == 0 ? index.data(kPurposeRole).toString() : problem;
  if (!purpose.isEmpty()) {
    painter->setPen(problem.isEmpty() || chosen ? faint : kWarning);
    QRect place = box;
    if (side > 0) {
      place.setTop(box.center().y() + 1);
      box.setBottom(box.center().y() + 1);
      write(*painter, line, {place, Qt::AlignLeft | Qt::AlignTop, purpose, Qt::ElideRight});
    } else {
      place.setLeft(std::max(box.left(), box.right() - line.fontMetrics.horizontalAdvance(purpose) - 1));
      box.setRight(place.left() - kIndent);
      write(*painter, line, {place, Qt::AlignRight | Qt::AlignVCenter, purpose});
    }
  }
  painter->setPen(ink);
  const bool two_lines = side > 0 && !purpose.isEmpty();
  write(*painter, line, {box, Qt::AlignLeft | (two_lines ? Qt::AlignBottom : Qt::AlignVCenter), name});
  painter->restore();
}

QSize CaseLineDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  const int picture = option.decorationSize.height();
  return {0, std::max(option.fontMetrics.height() + 2, picture > 0 ? picture + 2 * kGap : 0)};
}

}  // namespace rind::panels
