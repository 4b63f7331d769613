#include "rind/workbench/shown_prediction.h"

#include "rind/core/error.h"
#include "rind/core/nrrd.h"
#include "rind/workbench/outcome.h"

namespace rind::workbench {

void ShownPrediction::take(const messages::Preview& preview, const std::string& payload,
                           const std::filesystem::path& run) {
  const bool follows = !wanted_ || !newest_ || wanted_->epoch == newest_->epoch;
  run_ = run;
  newest_ = Kept{preview.case_id, preview.at.epoch, payload, run / preview.file};
  if (follows) wanted_ = newest_;
  show();
}

void ShownPrediction::forget() {
  newest_.reset();
  wanted_.reset();
  ++*wish_;
  case_.setPrediction(nullptr);
  Q_EMIT problem({});
}

void ShownPrediction::showEpoch(int epoch) {
  if (!newest_ || run_.empty()) {
    Q_EMIT problem({});
    return;
  }
  if (epoch <= 0 || epoch == newest_->epoch)
    wanted_ = newest_;
  else
    wanted_ = Kept{newest_->case_id,
                   epoch,
                   {},
                   run_ / "previews" / QString::asprintf("epoch_%04d.nrrd", epoch).toStdString()};
  show();
}

// What is being read of another case or epoch must not come any more, whether or not another is read now.
void ShownPrediction::show() {
  const int wish = ++*wish_;
  if (!wanted_ || case_.empty() || case_.loaded().prepared.id != wanted_->case_id) {
    Q_EMIT problem({});
    return;
  }
  ++reading_;
  background_.run(
      [kept = *wanted_, loaded = case_.share(), newest = wish_, wish]() -> Outcome<models::Prediction> {
        if (wish != *newest) return {};
        return attempt<models::Prediction>([&] {
          core::LabelVolume labels(loaded->prepared.size());
          if (kept.payload.empty())
            labels = core::readLabelNrrd(kept.file).labels;
          else
            labels.voxels = core::decompress(kept.payload, labels.voxels.size(), "preview");
          if (labels.size != loaded->prepared.size())
            throw core::InputError("preview", "is on another grid than the case",
                                   "the data set or its spacing has changed");
          return models::score(std::move(labels), loaded->prepared.labels,
                               static_cast<int>(loaded->labels.size()), kept.epoch);
        });
      },
      [this, wish](const Outcome<models::Prediction>& outcome) {
        --reading_;
        if (wish != *wish_ || case_.empty()) return;
        case_.setPrediction(outcome.value);
        Q_EMIT problem(outcome.problem);
      });
}

}  // namespace rind::workbench
