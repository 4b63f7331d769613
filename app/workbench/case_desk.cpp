#include "rind/workbench/case_desk.h"

#include "rind/core/error.h"
#include "rind/datasets/absolute_source.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/protocol.h"

namespace rind::workbench {
namespace {

constexpr std::uintmax_t kSmallData = 256ULL << 20;  // bytes

struct OpenedData {
  datasets::DataSet data;
  bool is_small = false;
};

models::LoadedCase loadCase(const datasets::DataSet& data, const std::string& id,
                            const core::RunConfig& config) {
  const core::Preprocessing preprocessing = datasets::preprocessingFor(data, config);
  auto loaded =
      models::analyse(datasets::loadCase(data, datasets::findCase(data, id), preprocessing), data.labels);
  loaded.channels = data.channels;
  return loaded;
}

/// Whether all files together are at most kSmallData; a folder of slices is not counted, and not small.
bool isSmallData(const datasets::DataSet& data) {
  std::uintmax_t bytes = 0;
  std::error_code status;
  for (const auto& files : data.cases) {
    auto all = files.images;
    if (!files.labels.empty()) all.push_back(files.labels);
    for (const auto& file : all) {
      if (!std::filesystem::is_regular_file(file, status)) return false;
      bytes += std::filesystem::file_size(file, status);
      if (status || bytes > kSmallData) return false;
    }
  }
  return !data.phantom;
}

}  // namespace

CaseDesk::CaseDesk(const models::SettingsModel& settings, models::CaseModel& shown, Activity& activity)
    : settings_(settings), case_(shown), activity_(activity) {}

void CaseDesk::open(const QString& source) {
  const QString asked = QString::fromStdString(datasets::absoluteSource(source.toStdString()));
  asked_ = asked;
  ++opening_;
  activity_.begin(tr("Opening %1 …").arg(source));
  background_.run(
      [text = asked.toStdString()] {
        return attempt<OpenedData>([&] {
          OpenedData opened{datasets::openDataSet(text)};
          opened.is_small = isSmallData(opened.data);
          return opened;
        });
      },
      [this, asked](const Outcome<OpenedData>& outcome) {
        --opening_;
        if (asked == asked_) {
          if (outcome.value)
            take(outcome.value->data, outcome.value->is_small);
          else
            Q_EMIT problem(outcome.problem);
        }
        activity_.end();
      });
}

void CaseDesk::take(const datasets::DataSet& data, bool is_small) {
  source_ = asked_;
  if (!data_ || !core::haveSameClasses(data_->labels, data.labels)) case_.forgetClasses();
  data_ = data;
  is_small_ = is_small;
  const QString split_problem = drawSplit();
  wanted_case_.clear();
  ++*wish_;
  case_.clear();
  Q_EMIT opened(split_problem);
}

QString CaseDesk::drawSplit() {
  if (!data_) return {};
  const auto& config = settings_.config();
  const auto drawn = attempt<datasets::Split>(
      [&] { return datasets::chooseSplit(*data_, config.split, config.validation, config.seed); });
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
