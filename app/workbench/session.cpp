#include "rind/workbench/session.h"

#include <QCoreApplication>

#include "rind/core/free_folder.h"
#include "rind/workbench/outcome.h"

namespace rind::workbench {
namespace {

std::string runName(const datasets::DataSet& data, const core::RunConfig& config) {
  std::string name = data.name.empty() ? data.layout : data.name;
  for (char& letter : name)
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '-';
  return name + "-" + core::toString(config.loss.kind);
}

/// The program on this machine, where the data are, that belongs to an engine, which may be elsewhere.
QString localProgram(const QStringList& engine) {
  return engine.size() == 2 ? engine.front() : QCoreApplication::applicationDirPath() + "/rind";
}

}  // namespace

Session::Session(const QStringList& engine, QObject* parent)
    : QObject(parent),
      desk_(settings_, case_, activity_),
      prediction_(case_),
      control_(engine, settings_, run_, activity_),
      probes_(settings_, case_, run_, control_),
      thumbnails_(desk_, activity_, run_),
      checks_(localProgram(engine), desk_, settings_) {
  case_.setContour(settings_.config().contour);
  connect(&settings_, &models::SettingsModel::changed, this, &Session::settingsChanged);
  connect(&desk_, &CaseDesk::opened, this, &Session::dataOpened);
  connect(&desk_, &CaseDesk::problem, this, &Session::dataFailed);
  connect(&desk_, &CaseDesk::caseProblem, this, &Session::caseProblem);
  connect(&desk_, &CaseDesk::shown, this, [this](const QString& id) {
    Q_EMIT caseChanged(id);
    prediction_.show();
  });
  connect(&control_, &RunControl::folderChanged, this, &Session::runFolderChanged);
  connect(&control_, &RunControl::noticed, this, &Session::noticed);
  connect(&control_, &RunControl::broke, this, &Session::broke);
  connect(&control_, &RunControl::exported, this, &Session::exported);
  connect(&control_, &RunControl::previewed, this,
          [this](const messages::Preview& preview, const std::string& payload) {
            prediction_.take(preview, payload, runFolder());
            const QString id = QString::fromStdString(preview.case_id);
            if (id != caseId() && !chosen_by_hand_) showCase(id, false);
          });
  connect(&checks_, &CheckDesk::finished, this, [this](const models::DataCheck& check) {
    for (const auto& remark : check.remarks) run_.addLog(models::LogLine::Level::warning, remark);
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

void Session::settingsChanged(const QStringList& keys) {
  case_.setContour(settings_.config().contour);
  const bool draws = keys.contains("seed") || keys.contains("split") || keys.contains("validation");
  if (!draws || !data() || run_.isActive()) return;
  const QString why = desk_.drawSplit();
  if (!why.isEmpty()) Q_EMIT dataProblem(why);
  Q_EMIT splitChanged();
}

bool Session::refuseWhileTraining() {
  if (!run_.isActive()) return false;
  Q_EMIT dataProblem(tr("A training is running; stop it before opening something else."));
  return true;
}

void Session::open(const QString& source) {
  if (source.isEmpty() || refuseWhileTraining()) return;
  const auto path = std::filesystem::path(source.toStdString());
  if (models::isRunFolder(path)) {
    openRun(path);
    return;
  }
  opens_run_ = false;
  desk_.open(source);
}

void Session::openRun(const std::filesystem::path& folder) {
  ++opening_;
  activity_.begin(tr("Opening the run %1 …").arg(QString::fromStdString(folder.string())));
  background_.run(
      [folder] { return attempt<models::RunFolder>([&] { return models::readRunFolder(folder); }); },
      [this](const Outcome<models::RunFolder>& outcome) {
        --opening_;
        if (!outcome.value)
          Q_EMIT dataProblem(outcome.problem);
        else if (!refuseWhileTraining())
          runOpened(*outcome.value);
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
        if (refuseWhileTraining()) return;
        settings_.setConfig(outcome.value->config);
        Q_EMIT noticed(tr("These are the settings of %1. Change what you like, then press Start.")
                           .arg(QString::fromStdString(outcome.value->path.filename().string())),
                       false);
        open(QString::fromStdString(outcome.value->config.data));
      });
}

void Session::runOpened(const models::RunFolder& opened) {
  desk_.close();
  opens_run_ = true;
  prediction_.forget();
  run_labels_ = opened.labels;
  chosen_by_hand_ = false;
  settings_.setConfig(opened.config);
  control_.show(opened);
  if (!run_.preview().file.empty()) prediction_.open(run_.preview(), opened.path);
  thumbnails_.restart();
  Q_EMIT dataChanged();
  checks_.restart();
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
  checks_.restart();
  if (!split_problem.isEmpty()) Q_EMIT dataProblem(split_problem);
  if (opens_run_ && !run_labels_.empty() && !core::haveSameClasses(run_labels_, data()->labels))
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

bool Session::canResume() const {
  const bool goes_away = opening_ > 0 || (desk_.isOpening() && !opens_run_);
  return !goes_away && (run_.state() == "paused" || run_.canResume());
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
  const bool any = folder.empty();
  control_.start(any ? core::freeFolder(absolute, runName(*data(), settings_.config())) : folder, any);
}

}  // namespace rind::workbench
