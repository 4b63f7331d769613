// How far a run is, in words.
#include <algorithm>
#include <cmath>

#include "rind/core/memory.h"
#include "rind/models/run_model.h"

namespace rind::models {

bool RunModel::goesOn() const {
  return state_ == "running" || (isHeld() && !isPaused());
}

double RunModel::progress() const {
  if (state_ == "finished") return 1;
  const bool working = state_ == "loading" || state_ == "preparing";
  if (working && work_.all > 0) return static_cast<double>(work_.done) / static_cast<double>(work_.all);
  const double all = static_cast<double>(steps_per_epoch_) * planned_epochs_;
  if (all <= 0 || steps_.empty()) return -1;
  return std::min(1.0, steps_.back() / all);
}

QString RunModel::progressText() const {
  const bool working = state_ == "loading" || state_ == "preparing";
  if (working && work_.all > 0)
    return tr("%1 %2 of %3").arg(QString::fromStdString(work_.what)).arg(work_.done).arg(work_.all);
  if (planned_epochs_ <= 0) return {};
  const auto done = static_cast<int>(epochs_.size());
  const bool goes_on = isActive() || isHeld();
  QString text =
      tr("epoch %1 of %2").arg(std::min(done + (goes_on ? 1 : 0), planned_epochs_)).arg(planned_epochs_);
  if (std::isfinite(bestDsc())) text += tr(" · best DSC %1").arg(bestDsc(), 0, 'f', 3);
  if (goesOn() && secondsLeft() >= 0) text += tr(" · %1 left").arg(describeSeconds(secondsLeft()));
  return text;
}

double RunModel::secondsLeft() const {
  const double share = progress();
  if (epochs_.empty() || share < 0 || steps_per_epoch_ <= 0) return -1;
  const std::size_t last = std::min<std::size_t>(5, epochs_.size());
  double seconds = 0;
  for (std::size_t i = epochs_.size() - last; i < epochs_.size(); ++i) seconds += epochs_[i].seconds;
  return seconds / static_cast<double>(last) * planned_epochs_ * (1 - share);
}

double RunModel::bestDsc() const {
  double best = std::nan("");
  for (const auto& epoch : epochs_)
    if (std::isfinite(epoch.mean_dsc) && !(best >= epoch.mean_dsc)) best = epoch.mean_dsc;
  return best;
}

QString RunModel::memoryText() const {
  if (memory_needed_ <= 0) return {};
  return tr("needs about %1 of memory, %2 are left")
      .arg(QString::fromStdString(core::describeBytes(memory_needed_)),
           QString::fromStdString(core::describeBytes(memory_left_)));
}

}  // namespace rind::models
