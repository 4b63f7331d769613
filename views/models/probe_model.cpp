#include "rind/models/probe_model.h"

namespace rind::models {

void ProbeModel::setReply(messages::ProbeReply reply) {
  reply_ = std::move(reply);
  problem_.clear();
  Q_EMIT changed();
}

void ProbeModel::setProblem(const QString& text) {
  reply_.reset();
  problem_ = text;
  Q_EMIT changed();
}

void ProbeModel::setBusy(bool busy) {
  if (busy == busy_) return;
  busy_ = busy;
  Q_EMIT changed();
}

void ProbeModel::clear() {
  reply_.reset();
  problem_.clear();
  Q_EMIT changed();
}

void ProbeModel::chooseLoss(const std::string& loss) {
  if (loss == loss_) return;
  loss_ = loss;
  Q_EMIT wishChanged();
}

void ProbeModel::setWanted(bool wanted) {
  if (wanted == wanted_) return;
  wanted_ = wanted;
  Q_EMIT wishChanged();
}

const messages::ProbedLoss* ProbeModel::find(const std::string& loss) const {
  if (!reply_) return nullptr;
  for (const auto& probed : reply_->losses)
    if (probed.loss == loss) return &probed;
  return nullptr;
}

GradientShare ProbeModel::gradientOf(const messages::ProbedLoss& loss, int label) {
  GradientShare share;
  for (std::size_t c = 0; c < loss.classes.size(); ++c) {
    if (label != 0 && static_cast<int>(c) != label) continue;
    share.contour += loss.classes[c].gradient_contour;
    share.interior += loss.classes[c].gradient_interior;
  }
  return share;
}

double ProbeModel::valueOf(const messages::ProbedLoss& loss, int label) {
  if (label == 0) return loss.value;
  const auto at = static_cast<std::size_t>(label);
  return at < loss.classes.size() ? loss.classes[at].contour + loss.classes[at].interior : 0;
}

QString ProbeModel::weightsText() const {
  if (!reply_) return {};
  if (reply_->weights == "training") return tr("the training at step %1").arg(reply_->step);
  if (reply_->weights == "best") return tr("the best weights, epoch %1").arg(reply_->epoch);
  if (reply_->weights == "last") return tr("the run's last weights (it has no best ones yet)");
  return tr("an untrained network");
}

}  // namespace rind::models
