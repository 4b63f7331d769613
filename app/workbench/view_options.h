#pragma once

#include <QStringList>
#include <vector>

#include "rind/workbench/session.h"
#include "rind/workbench/view_grid.h"

namespace rind::workbench {

/// One thing that a picture depends on and that is no setting of a run: how it is said on the command line,
/// read from the window, and given to it.
struct ViewOption {
  enum SeenIn { slices = 1, scene = 2, window = 4, all = 7 };

  const char* name;
  const char* value;
  const char* help;
  int seen_in;
  /// Empty where it stands as in a window that has just shown the case.
  QString (*read)(Session& session, ViewGrid& views);
  /// Throws InputError naming the option.
  void (*apply)(Session& session, ViewGrid& views, const QString& text);
};

/// In the order in which they are to be given to a window that shows its case.
const std::vector<ViewOption>& viewOptions();

/// {"--name", "value", …} of all that are seen in `view` and do not stand as they come.
QStringList readViewOptions(Session& session, ViewGrid& views, const QString& view);

}  // namespace rind::workbench
