#pragma once

#include <QByteArray>
#include <QMap>
#include <QStringList>
#include <optional>

namespace rind::models {

/// What a look at every voxel of a data set found. A sentence says what is wrong and what to do, and names
/// files without their folders.
struct DataCheck {
  /// Of cases, by their ids: errors and warnings, a line each.
  QMap<QString, QString> problems;
  /// Of the whole, errors and warnings.
  QStringList remarks;
};

/// From what `rind inspect --json` printed, whose last line is the result; none where it is not there.
std::optional<DataCheck> readDataCheck(const QByteArray& output);

}  // namespace rind::models
