#pragma once

#include <QObject>
#include <optional>

#include "rind/messages/probe_reply.h"

namespace rind::models {

/// Sizes of a gradient, summed over voxels in the band and inside it.
struct GradientShare {
  double contour = 0;
  double interior = 0;
  double sum() const { return contour + interior; }
};

/// What the losses say of the case on the screen: the newest answer, and what is wished for.
class ProbeModel : public QObject {
  Q_OBJECT

 public:
  explicit ProbeModel(QObject* parent = nullptr) : QObject(parent) {}

  const std::optional<messages::ProbeReply>& reply() const { return reply_; }
  void setReply(messages::ProbeReply reply);
  /// Why there is no answer; the last one goes.
  void setProblem(const QString& text);
  const QString& problem() const { return problem_; }
  bool isBusy() const { return busy_; }
  void setBusy(bool busy);
  void clear();

  /// Whose gradient the heat map and the organ table show; empty: the loss of the settings.
  const std::string& lossChosen() const { return loss_; }
  void chooseLoss(const std::string& loss);
  /// Whether anyone looks: nothing is computed for nobody.
  bool isWanted() const { return wanted_; }
  void setWanted(bool wanted);

  /// Nothing where the loss was not probed. Class 0 stands for all, background included.
  const messages::ProbedLoss* find(const std::string& loss) const;
  static GradientShare gradientOf(const messages::ProbedLoss& loss, int label);
  static double valueOf(const messages::ProbedLoss& loss, int label);
  /// "an untrained network", "the training at step 120", "the best weights, epoch 7".
  QString weightsText() const;

 Q_SIGNALS:
  void changed();
  void wishChanged();

 private:
  std::optional<messages::ProbeReply> reply_;
  QString problem_;
  std::string loss_;
  bool busy_ = false;
  bool wanted_ = false;
};

}  // namespace rind::models
