#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "rind/workbench/picture.h"

namespace rind::workbench {

/// What a picture shows, how large it is and where it goes. Stays open until it is saved; blocks nothing.
class PictureDialog : public QDialog {
  Q_OBJECT

 public:
  /// `view`: one of pictureViews(), to begin with.
  PictureDialog(const QString& view, const QString& case_id, QWidget* parent);

  PictureRequest request() const;
  /// Says why nothing was saved.
  void setProblem(const QString& why);

 Q_SIGNALS:
  void requested(const rind::workbench::PictureRequest& request);

 private:
  QLayout* makeSize();
  QLayout* makeFile();
  void connectParts();
  void showView();
  void showFile();
  void makeRoom();
  void browse();

  QString case_id_;
  QComboBox* view_;
  QComboBox* preset_;
  QSpinBox* width_;
  QSpinBox* height_;
  QCheckBox* transparent_;
  QLineEdit* file_;
  QLabel* note_;
  QLabel* problem_;
  QPushButton* save_;
  bool named_by_hand_ = false;
};

}  // namespace rind::workbench
