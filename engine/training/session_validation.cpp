#include "rind/core/nrrd.h"
#include "rind/networks/weights.h"
#include "rind/training/scores_file.h"
#include "rind/training/session_run.h"

namespace rind::training {
namespace {

std::string epochFile(std::int64_t epoch) {
  const std::string number = std::to_string(epoch);
  return "previews/epoch_" + std::string(number.size() < 4 ? 4 - number.size() : 0, '0') + number + ".nrrd";
}

}  // namespace

void Session::Run::finishEpoch() {
  const auto validated = std::make_shared<const std::vector<ValidatedCase>>(validateNow());
  const messages::Epoch event = scoresOf(*validated);
  if (event.best) {
    standing_.best_dsc = validated->empty() ? -1 : event.mean_dsc;
    standing_.best_epoch = standing_.epoch;
    outcome_.classes = event.classes;
    keepBest(validated);
  }
  emit(event);
  if (!validated->empty()) keepPreview(validated->front());
  ++standing_.epoch;
  standing_.steps_done = 0;
  checkpoint(/*epoch_begins=*/true);
}

std::vector<ValidatedCase> Session::Run::validateNow() {
  if (!validates()) return {};
  ValidationPlan plan;
  plan.window = {plan_.model.window};
  plan.classes = static_cast<int>(data_.labels.size());
  plan.cancelled = [this] {
    control.runPosted();
    return control.stopRequested();
  };
  if (config_.skip_broken) plan.left_out = [this](const std::string& what) { warn("left out: " + what); };
  plan.progress = [this](std::size_t done, std::size_t all) {
    emit(messages::Progress{now(), "validating", static_cast<std::int64_t>(done),
                            static_cast<std::int64_t>(all)});
  };
  return validate([this](const at::Tensor& image) { return trainer_->predict(image); }, *data_.validation,
                  plan);
}

messages::Epoch Session::Run::scoresOf(const std::vector<ValidatedCase>& validated) {
  const std::chrono::duration<double> seconds = Clock::now() - epoch_start_;
  messages::Epoch event{now(), seconds.count()};
  const auto steps = static_cast<double>(std::max<std::int64_t>(1, standing_.counted));
  event.loss = standing_.loss_sum / steps;
  event.classes = classMeans(validated, data_.labels);
  event.mean_dsc = meanOf(event.classes);
  event.waited = worked_ > 0 ? waited_ / worked_ : 0;
  for (std::size_t c = 0; c < standing_.class_losses.size(); ++c)
    event.losses.push_back({static_cast<int>(c), standing_.class_losses[c].contour / steps,
                            standing_.class_losses[c].interior / steps});
  event.best = !validates() || event.mean_dsc > standing_.best_dsc;
  return event;
}

void Session::Run::keepBest(std::shared_ptr<const std::vector<ValidatedCase>> validated) {
  const auto weights =
      std::make_shared<const networks::WeightsCopy>(networks::copyWeights(*trainer_->evaluated()));
  const auto folder = folder_->path();
  FileWriter::Job job;
  job.write = [folder, weights, validated, labels = data_.labels] {
    networks::saveWeights(folder / "checkpoints" / "best.weights", *weights);
    if (!validated->empty()) writeScores(folder / "scores.csv", *validated, labels);
  };
  job.written = messages::Checkpoint{now(), "checkpoints/best.weights"};
  writer_.add(std::move(job));
}

void Session::Run::keepPreview(const ValidatedCase& shown) {
  const std::string name = epochFile(standing_.epoch);
  const auto kept = std::make_shared<const ValidatedCase>(shown);
  FileWriter::Job job;
  job.write = [file = folder_->path() / name, kept] {
    core::writeLabelNrrd(file, kept->geometry, kept->prediction);
  };
  job.written = messages::Preview{now(), shown.id, name};
  job.payload = [kept] {
    return core::compress(kept->prediction.voxels.data(), kept->prediction.voxels.size());
  };
  writer_.add(std::move(job));
}

}  // namespace rind::training
