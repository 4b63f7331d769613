#include "rind/workbench/probe_desk.h"

#include <utility>

#include "rind/core/nrrd.h"

namespace rind::workbench {
namespace {

// Long enough that a moving slider asks once where it rests a moment, short enough to feel at once.
constexpr int kDebounceMilliseconds = 90;

std::shared_ptr<const models::HeatMap> heatOf(const messages::ProbeReply& probed,
                                              const std::string& payload) {
  auto heat = std::make_shared<models::HeatMap>();
  heat->start = probed.start;
  heat->size = probed.size;
  heat->levels = core::decompress(payload, static_cast<std::size_t>(probed.size.voxels()), "heat map");
  heat->largest = probed.largest;
  heat->loss = probed.heat_loss;
  return heat;
}

}  // namespace

ProbeDesk::ProbeDesk(const models::SettingsModel& settings, models::CaseModel& shown,
                     const models::RunModel& run, RunControl& control)
    : settings_(settings), case_(shown), run_(run), control_(control) {
  later_.setSingleShot(true);
  later_.setInterval(kDebounceMilliseconds);
  connect(&later_, &QTimer::timeout, this, &ProbeDesk::ask);
  connect(&model_, &models::ProbeModel::wishChanged, this, [this] { want(Freshness::settings); });
  connect(&settings, &models::SettingsModel::changed, this, [this](const QStringList& keys) {
    const bool other_network = keys.contains("network") || keys.contains("base-channels") ||
                               keys.contains("seed") || keys.contains("patch");
    want(other_network && control_.folder().empty() ? Freshness::weights : Freshness::settings);
  });
  connect(&shown, &models::CaseModel::changed, this, &ProbeDesk::caseChanged);
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges what) {
    const bool ended = std::exchange(trained_, run_.isActive()) && !run_.isActive();
    if (ended || ((what & models::RunChange::scores) && isDue())) want(Freshness::weights);
  });
  connect(&control, &RunControl::folderChanged, this, [this] { want(Freshness::weights); });
}

void ProbeDesk::caseChanged(models::Changes what) {
  if (what & models::Change::data) {
    ++shown_cases_;
    model_.clear();
    want(Freshness::weights);
  } else if ((what & models::Change::cursor) && case_.heat() && !case_.heat()->contains(case_.cursor())) {
    want(Freshness::weights);
  } else if ((what & models::Change::display) && case_.isHeatShown()) {
    if (!case_.heat() && !asking_) stale_ = true;
    askWhereStale();
  }
}

// While it trains, looking again may cost the training a tenth of its time at most.
bool ProbeDesk::isDue() const {
  const auto& last = model_.reply();
  return !(run_.isActive() || run_.isHeld()) || !last || !since_look_.isValid() ||
         static_cast<double>(since_look_.elapsed()) > 10'000 * last->seconds;
}

void ProbeDesk::want(Freshness what) {
  if (what == Freshness::weights) fresh_ = true;
  stale_ = true;
  askWhereStale();
}

void ProbeDesk::askWhereStale() {
  if (!stale_ || asking_ || !isLookedAt() || case_.empty() || settings_.config().data.empty()) return;
  later_.start();
}

void ProbeDesk::ask() {
  if (case_.empty()) return;
  const bool trains = run_.isActive() || run_.isHeld() || !run_.epochs().empty();
  messages::Probe probe{
      settings_.config(), case_.loaded().prepared.id, trains ? control_.folder().string() : std::string(),
      case_.cursor(),     model_.lossChosen(),        fresh_};
  asking_ = true;
  stale_ = false;
  if (fresh_) since_look_.start();
  fresh_ = false;
  model_.setBusy(true);
  control_.engine().send(
      probe, [this, of_case = shown_cases_](const messages::Reply& reply) { answered(reply, of_case); });
}

void ProbeDesk::answered(const messages::Reply& reply, int of_case) {
  asking_ = false;
  model_.setBusy(false);
  if (of_case == shown_cases_) take(reply);
  askWhereStale();
}

void ProbeDesk::take(const messages::Reply& reply) {
  try {
    if (!reply.ok) throw std::runtime_error(reply.error);
    auto probed = messages::parseProbeReply(reply.result);
    if (!case_.empty()) case_.setHeat(heatOf(probed, reply.payload));
    model_.setReply(std::move(probed));
  } catch (const std::exception& error) {
    fresh_ = true;
    case_.setHeat(nullptr);
    model_.setProblem(QString::fromUtf8(error.what()));
  }
}

}  // namespace rind::workbench
