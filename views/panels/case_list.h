#pragma once

#include <QAction>
#include <QHash>
#include <QImage>
#include <QListWidget>
#include <QMap>
#include <QSet>
#include <QTimer>
#include <vector>

namespace rind::panels {

/// The cases of a data set, each with a small picture, a tick where it was checked, or what is wrong with it.
/// Pictures are asked for when their line is seen; of very many, those out of sight are let go.
class CaseList : public QListWidget {
  Q_OBJECT

 public:
  explicit CaseList(QWidget* parent = nullptr);

  void setCases(const QStringList& ids);
  /// What cases are for, in a word; those that the map does not name have none.
  void setPurposes(const QHash<QString, QString>& purposes);
  void setCurrent(const QString& id);
  void setProblem(const QString& id, const QString& text);
  /// All have been looked at: those in the map have a problem, the others a tick.
  void setChecked(const QMap<QString, QString>& problems);
  /// Square.
  void setPicture(const QString& id, const QImage& picture);
  bool hasPicture(int row) const { return pictured_.contains(item(row)); }
  void step(int by);
  void filter(const QString& text);
  /// Whether there are pictures, to be switched in the menu of the list.
  QAction* pictures() { return pictures_; }

 Q_SIGNALS:
  void caseChosen(const QString& id);
  /// The cases that are seen and have no picture yet.
  void picturesWanted(const QStringList& ids);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void showPictures();
  void look();
  void letGo();
  std::vector<QListWidgetItem*> seen() const;

  QAction* pictures_;
  QIcon blank_;
  QHash<QString, QListWidgetItem*> items_;  // by id
  QSet<const QListWidgetItem*> pictured_;
  QTimer soon_;
};

}  // namespace rind::panels
