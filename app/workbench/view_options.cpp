#include "rind/workbench/view_options.h"

#include "rind/workbench/view_option_tables.h"

namespace rind::workbench {

const std::vector<ViewOption>& viewOptions() {
  static const std::vector<ViewOption> options = [] {
    auto all = caseOptions();
    for (const auto& part : {sceneOptions(), windowOptions()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return options;
}

QStringList readViewOptions(Session& session, ViewGrid& views, const QString& view) {
  const int seen = view == "window" ? ViewOption::window
                   : view == "3d"   ? ViewOption::scene
                                    : ViewOption::slices;
  QStringList words;
  for (const auto& option : viewOptions()) {
    if ((option.seen_in & seen) == 0) continue;
    const QString value = option.read(session, views);
    if (!value.isEmpty()) words << QStringLiteral("--") + option.name << value;
  }
  return words;
}

}  // namespace rind::workbench
