#include "rind/panels/log_panel.h"

#include <QDateTime>

namespace rind::panels {

LogPanel::LogPanel(const models::RunModel& run, QWidget* parent) : QPlainTextEdit(parent), run_(run) {
  setObjectName("log");
  setAccessibleName(tr("Log"));
  setReadOnly(true);
  setMaximumBlockCount(5000);
  setPlaceholderText(tr("What happens is written here."));
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (what & models::RunChange::log) refresh();
  });
  refresh();
}

void LogPanel::refresh() {
  if (run_.generation() != generation_) {
    clear();
    shown_ = 0;
    generation_ = run_.generation();
  }
  for (; shown_ < run_.log().size(); ++shown_) {
    const auto& line = run_.log()[shown_];
    const QString time =
        QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(line.time * 1000)).toString("HH:mm:ss");
    const QString text = time.toHtmlEscaped() + QStringLiteral("&nbsp;&nbsp;") + line.text.toHtmlEscaped();
    const char* colour = line.level == models::LogLine::Level::error     ? "#D5365E"
                         : line.level == models::LogLine::Level::warning ? "#C77700"
                                                                         : nullptr;
    appendHtml(colour == nullptr ? text
                                 : QStringLiteral("<span style='color:%1'>%2</span>").arg(colour, text));
  }
}

}  // namespace rind::panels
