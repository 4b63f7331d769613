#include "rind/workbench/session.h"

#include "rind/workbench/outcome.h"

namespace rind::workbench {
namespace {

std::string runName(const datasets::DataSet& data, const core::RunConfig& config) {
  std::string name = data.name.empty() ? data.layout : data.name;
  for (char& letter : name)
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '-';
  return name + "-" + core::toString(config.loss.kind);
}

bool sameClasses(const core::LabelSet& a, const core::LabelSet& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.name == y.name && x.value == y.value; });
}

}  // namespace

Session::Session(QStringList engine, QObject* parent)
    : QObject(parent),
      desk_(settings_, case_, activity_),
      prediction_(case_),
      control_(std::move(engine), settings_, run_, activity_),
      probes_(settings_, case_, run_, control_),
      thumbnails_(desk_, activity_, run_) {
  case_.setContour(settings_.config().contour);
  connect(&settings_, &models::SettingsModel::changed, this,
          [this] { case_.setContour(settings_.config().contour); });
  connect(&desk_, &CaseDesk::opened, this, &Session::dataOpened);
  connect(&desk_, &CaseDesk::problem, this, &Session::dataFailed);
  connect(&desk_, &CaseDesk::caseProblem, this, &Session::caseProblem);
  connect(&desk_, &CaseDesk::shown, this, [this](const QString& id) {
    Q_EMIT caseChanged(id);
    prediction_.show();
  });
  connect(&control_, &RunControl::folderChanged, this, &Session::runFolderChanged);
  connect(&control_, &RunControl::noticed, this, &Session::noticed);
  connect(&control_, &RunControl::exported, this, &Session::exported);
  connect(&control_, &RunControl::previewed, this,
          [this](const messages::Preview& preview, const std::string& payload) {
            prediction_.take(preview, payload, runFolder());
            const QString id = QString::fromStdString(preview.case_id);
            if (id != caseId() && !chosen_by_hand_) showCase(id, false);
          });
  connect(&prediction_, &ShownPrediction::problem, this, [this](const QString& why) {
    const QString text = why.isEmpty() ? QString() : tr("The prediction cannot be shown: %1").arg(why);
    if (!text.isEmpty()) run_.addLog(models::LogLine::Level::warning, text);
    Q_EMIT predictionProblem(text);
  });
}

const core::LabelSet& Session::labels() const {
  return data() ? data()->labels : run_labels_;
}

void Session::open(const QString& source) {
  if (source.isEmpty()) return;
  if (run_.isActive()) {
    Q_EMIT dataProblem(tr("A training is running; stop it before opening something else."));
    return;
  }
  const auto path = std::filesystem::path(source.toStdString());
  if (models::isRunFolder(path)) {
    openRun(path);
    return;
  }
  opens_run_ = false;
  desk_.open(source);
}

void Session::openRun(const std::filesystem::path& folder) {
  activity_.begin(tr("Opening the run %1 …").arg(QString::fromStdString(folder.string())));
  background_.run(
      [folder] { return attempt<models::RunFolder>([&] { return models::readRunFolder(folder); }); },
      [this](const Outcome<models::RunFolder>& outcome) {
        if (outcome.value)
          runOpened(*outcome.value);
        else
          Q_EMIT dataProblem(outcome.problem);
        activity_.end();
      });
}

void Session::duplicate(const QString& run) {
  if (run_.isActive()) return;
  background_.run(
      [folder = std::filesystem::path(run.toStdString())] {
        return attempt<models::RunFolder>([&] { return models::readRunFolder(folder); });
      },
      [this](const Outcome<models::RunFolder>& outcome) {
        if (!outcome.value) {
          Q_EMIT noticed(outcome.problem, true);
          return;
        }
        settings_.setConfig(outcome.value->config);
        Q_EMIT noticed(tr("These are the settings of %1. Change what you like, then press Start.")
                           .arg(QString::fromStdString(outcome.value->path.filename().string())),
                       false);
        open(QString::fromStdString(outcome.value->config.data));
      });
}

void Session::runOpened(const models::RunFolder& opened) {
  desk_.close();
  prediction_.forget();
  run_labels_ = opened.labels;
  chosen_by_hand_ = false;
  settings_.setConfig(opened.config);
  control_.show(opened);
  if (!run_.preview().file.empty()) prediction_.open(run_.preview(), opened.path);
  thumbnails_.restart();
  Q_EMIT dataChanged();
  opens_run_ = true;
  desk_.open(QString::fromStdString(opened.config.data));
}

void Session::dataOpened(const QString& split_problem) {
  if (!opens_run_) {
    control_.forget();
    prediction_.forget();
    run_labels_.clear();
    chosen_by_hand_ = false;
    core::RunConfig config = settings_.config();
    config.data = source().toStdString();
    settings_.setConfig(config);
  }
  thumbnails_.restart();
  Q_EMIT dataChanged();
  if (!split_problem.isEmpty()) Q_EMIT dataProblem(split_problem);
  if (opens_run_ && !run_labels_.empty() && !sameClasses(run_labels_, data()->labels))
    Q_EMIT dataProblem(
        tr("The run was trained on other classes than this data set has now: its predictions and scores "
           "may not fit. Open the run's own data set."));
  showCase(prediction_.caseId().isEmpty() ? desk_.firstCase() : prediction_.caseId(), false);
  if (!start_when_open_) return;
  start_when_open_ = false;
  start(start_folder_);
}

void Session::dataFailed(const QString& why) {
  start_when_open_ = false;
  Q_EMIT dataProblem(opens_run_ ? tr("The run is shown without its data set. %1").arg(why) : why);
}

void Session::showCase(const QString& id, bool by_hand) {
  if (by_hand) chosen_by_hand_ = true;
  desk_.show(id);
}

void Session::startWhenOpen(const std::filesystem::path& folder) {
  start_when_open_ = true;
  start_folder_ = folder;
}

void Session::start(const std::filesystem::path& folder) {
  if (!canStart()) return;
  std::error_code ignored;
  const auto absolute = std::filesystem::absolute(runs_, ignored);
  prediction_.forget();
  chosen_by_hand_ = false;
  control_.start(folder.empty() ? models::freeRunFolder(absolute, runName(*data(), settings_.config()))
                                : folder);
}

}  // namespace rind::workbench
