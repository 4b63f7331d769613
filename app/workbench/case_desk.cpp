#include "rind/workbench/case_desk.h"

#include <QFileInfo>

#include "rind/core/error.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/protocol.h"

namespace rind::workbench {
namespace {

Outcome<datasets::Split> splitOf(const datasets::DataSet& data, const core::RunConfig& config) {
  return attempt<datasets::Split>(
      [&] { return datasets::chooseSplit(data, config.split, config.validation, config.seed); });
}

models::LoadedCase loadCase(const datasets::DataSet& data, const std::string& id,
                            const core::RunConfig& config) {
  const core::Preprocessing preprocessing = datasets::preprocessingFor(data, config);
  auto loaded =
      models::analyse(datasets::loadCase(data, datasets::findCase(data, id), preprocessing), data.labels);
  loaded.channels = data.channels;
  return loaded;
}

QString absoluteSource(const QString& source) {
  return source.startsWith(QLatin1String("phantom:")) ? source : QFileInfo(source).absoluteFilePath();
}

}  // namespace

CaseDesk::CaseDesk(const models::SettingsModel& settings, models::CaseModel& shown, Activity& activity)
    : settings_(settings), case_(shown), activity_(activity) {}

void CaseDesk::open(const QString& source) {
  const QString asked = absoluteSource(source);
  asked_ = asked;
  ++opening_;
  activity_.begin(tr("Opening %1 …").arg(source));
  background_.run(
      [text = asked.toStdString()] {
        return attempt<datasets::DataSet>([&] { return datasets::openDataSet(text); });
      },
      [this, asked](const Outcome<datasets::DataSet>& outcome) {
        --opening_;
        if (asked == asked_) take(outcome);
        activity_.end();
      });
}

void CaseDesk::take(const Outcome<datasets::DataSet>& outcome) {
  if (!outcome.value) {
    Q_EMIT problem(outcome.problem);
    return;
  }
  source_ = asked_;
  if (!data_ || !core::haveSameClasses(data_->labels, outcome.value->labels)) case_.forgetClasses();
  data_ = *outcome.value;
  const QString split_problem = drawSplit();
  wanted_case_.clear();
  ++*wish_;
  case_.clear();
  Q_EMIT opened(split_problem);
}

QString CaseDesk::drawSplit() {
  if (!data_) return {};
  const auto drawn = splitOf(*data_, settings_.config());
  split_ = drawn.value ? *drawn.value : datasets::Split{};
  return drawn.problem;
}

void CaseDesk::close() {
  data_.reset();
  split_ = {};
  source_.clear();
  asked_.clear();
  wanted_case_.clear();
  ++*wish_;
  case_.clear();
}

QString CaseDesk::firstCase() const {
  if (!split_.validation.empty()) return QString::fromStdString(split_.validation.front());
  if (data_ && !data_->cases.empty()) return QString::fromStdString(data_->cases.front().id);
  return {};
}

// The case on the screen stays there until the next one is read, but lets go of the channels that are not
// seen: both at once would be the most the program ever holds.
void CaseDesk::show(const QString& id) {
  if (!data_ || id.isEmpty()) return;
  wanted_case_ = id;
  ++*wish_;
  activity_.begin(tr("Loading case %1 …").arg(id));
  if (case_.empty() || case_.loaded().heldChannels() == 1) {
    read(id);
    return;
  }
  reading_.run([loaded = case_.share(), channel = case_.channel()] { return withChannel(*loaded, channel); },
               [this, id, wish = wish_->load()](models::LoadedCase kept) {
                 case_.keepOnly(std::move(kept));
                 wish == *wish_ ? read(id) : activity_.end();
               });
}

void CaseDesk::read(const QString& id) {
  reading_.run(
      [data = *data_, text = id.toStdString(), config = settings_.config(), newest = wish_,
       wish = wish_->load()]() -> Outcome<models::LoadedCase> {
        if (wish != *newest) return {};
        return attempt<models::LoadedCase>([&] { return loadCase(data, text, config); });
      },
      [this, id, wish = wish_->load()](const Outcome<models::LoadedCase>& outcome) {
        activity_.end();
        if (wish == *wish_ && id == wanted_case_) take(id, outcome);
      });
}

void CaseDesk::take(const QString& id, const Outcome<models::LoadedCase>& outcome) {
  if (!outcome.value) {
    case_.clear();
    Q_EMIT caseProblem(id, outcome.problem);
    return;
  }
  case_.setCase(outcome.value);
  Q_EMIT shown(id);
}

}  // namespace rind::workbench
