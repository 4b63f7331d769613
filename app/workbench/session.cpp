#include "rind/workbench/session.h"

#include <QFileInfo>
#include <variant>

#include "rind/core/error.h"
#include "rind/core/nrrd.h"
#include "rind/core/settings.h"
#include "rind/datasets/preparation.h"

namespace rind::workbench {
namespace {

using models::LogLine;

/// A result, or why there is none.
template <class T>
struct Outcome {
  std::shared_ptr<T> value;
  QString problem;
};

template <class T, class Work>
Outcome<T> attempt(Work work) {
  try {
    return {std::make_shared<T>(work()), {}};
  } catch (const std::exception& error) {
    return {nullptr, QString::fromUtf8(error.what())};
  }
}

struct OpenedData {
  datasets::DataSet data;
  datasets::Split split;
  QString split_problem;
};

OpenedData openDataSet(const std::string& source, const core::RunConfig& config) {
  OpenedData opened{datasets::openDataSet(source), {}, {}};
  try {
    opened.split = datasets::chooseSplit(opened.data, config.split, config.validation, config.seed);
  } catch (const core::InputError& error) {
    opened.split_problem = QString::fromUtf8(error.what());
  }
  return opened;
}

models::LoadedCase loadCase(const datasets::DataSet& data, const std::string& id,
                            const core::RunConfig& config) {
  core::Preprocessing preprocessing = data.preprocessing;
  if (config.spacing) preprocessing.spacing = config.spacing;
  return models::analyse(datasets::loadCase(data, datasets::findCase(data, id), preprocessing), data.labels);
}

QString absoluteSource(const QString& source) {
  return source.startsWith(QLatin1String("phantom:")) ? source : QFileInfo(source).absoluteFilePath();
}

// A run that has begun keeps what cannot change while it goes on.
nlohmann::json liveSettings(const core::RunConfig& config) {
  nlohmann::json live = nlohmann::json::object();
  for (const auto& setting : core::settings())
    if (setting.live) live[setting.key] = setting.write(config);
  return live;
}

std::string runName(const datasets::DataSet& data, const core::RunConfig& config) {
  std::string name = data.name.empty() ? data.layout : data.name;
  for (char& letter : name)
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '-';
  return name + "-" + core::toString(config.loss.kind);
}

}  // namespace

Session::Session(QStringList engine, QObject* parent) : QObject(parent), engine_(std::move(engine)) {
  apply_later_.setSingleShot(true);
  apply_later_.setInterval(30);
  case_.setContour(settings_.config().contour);
  connect(&apply_later_, &QTimer::timeout, this, &Session::applyToTraining);
  connect(&settings_, &models::SettingsModel::changed, this, &Session::settingsChanged);
  connect(&engine_, &models::EngineClient::event, this, &Session::take);
  connect(&engine_, &models::EngineClient::crashed, this, &Session::crashed);
  connect(&engine_, &models::EngineClient::logged, this,
          [this](const QString& line) { run_.addLog(LogLine::Level::warning, tr("Engine: %1").arg(line)); });
}

void Session::open(const QString& source) {
  if (source.isEmpty()) return;
  if (run_.isActive()) {
    Q_EMIT dataProblem(tr("A training is running; stop it before opening something else."));
    return;
  }
  const auto path = std::filesystem::path(source.toStdString());
  if (models::isRunFolder(path))
    openRun(path);
  else
    openData(source, false);
}

void Session::openData(const QString& source, bool keep_run) {
  source_ = absoluteSource(source);
  ++loading_;
  Q_EMIT busy(tr("Opening %1 …").arg(source));
  background_.run(
      [text = source_.toStdString(), config = settings_.config()] {
        return attempt<OpenedData>([&] { return openDataSet(text, config); });
      },
      [this, keep_run](const Outcome<OpenedData>& outcome) {
        loadingEnded();
        if (!outcome.value) {
          start_when_open_ = false;
          Q_EMIT dataProblem(outcome.problem);
          return;
        }
        data_ = outcome.value->data;
        split_ = outcome.value->split;
        if (!keep_run) {
          run_.clear();
          run_folder_.clear();
          preview_.reset();
          Q_EMIT runFolderChanged();
          core::RunConfig config = settings_.config();
          config.data = source_.toStdString();
          settings_.setConfig(config);
        }
        Q_EMIT dataChanged();
        if (!outcome.value->split_problem.isEmpty()) Q_EMIT dataProblem(outcome.value->split_problem);
        std::string first = split_.validation.empty() ? (data_->cases.empty() ? "" : data_->cases.front().id)
                                                      : split_.validation.front();
        if (preview_) first = preview_->case_id;
        showCase(QString::fromStdString(first), false);
        if (start_when_open_) {
          start_when_open_ = false;
          start(start_folder_);
        }
      });
}

void Session::startWhenOpen(const std::filesystem::path& folder) {
  start_when_open_ = true;
  start_folder_ = folder;
}

void Session::openRun(const std::filesystem::path& folder) {
  ++loading_;
  Q_EMIT busy(tr("Opening the run %1 …").arg(QString::fromStdString(folder.string())));
  background_.run(
      [folder] { return attempt<models::RunFolder>([&] { return models::readRunFolder(folder); }); },
      [this, folder](const Outcome<models::RunFolder>& outcome) {
        loadingEnded();
        if (!outcome.value) {
          Q_EMIT dataProblem(outcome.problem);
          return;
        }
        const auto& opened = *outcome.value;
        run_.clear();
        run_folder_ = folder;
        case_.clear();
        data_.reset();
        preview_.reset();
        chosen_by_hand_ = false;
        settings_.setConfig(opened.config);
        case_.setContour(opened.config.contour);
        run_.applyAll(opened.events);
        if (run_.isActive()) run_.setState("stopped", tr("was not ended; it can be resumed"));
        if (opened.broken_lines > 0)
          run_.addLog(
              LogLine::Level::warning,
              tr("%1 lines of events.jsonl could not be read and were left out").arg(opened.broken_lines));
        if (!run_.preview().file.empty())
          preview_ = LatestPreview{
              run_.preview().case_id, run_.preview().at.epoch, {}, folder / run_.preview().file};
        Q_EMIT runFolderChanged();
        Q_EMIT dataChanged();
        openData(QString::fromStdString(opened.config.data), true);
      });
}

void Session::loadingEnded() {
  if (--loading_ == 0) Q_EMIT idle();
}

void Session::showCase(const QString& id, bool by_hand) {
  if (!data_ || id.isEmpty()) return;
  if (by_hand) chosen_by_hand_ = true;
  wanted_case_ = id;
  ++loading_;
  Q_EMIT busy(tr("Loading case %1 …").arg(id));
  background_.run(
      [data = *data_, text = id.toStdString(), config = settings_.config()] {
        return attempt<models::LoadedCase>([&] { return loadCase(data, text, config); });
      },
      [this, id](const Outcome<models::LoadedCase>& outcome) {
        loadingEnded();
        if (id != wanted_case_) return;
        if (!outcome.value) {
          case_.clear();
          Q_EMIT caseProblem(id, outcome.problem);
          return;
        }
        case_.setCase(outcome.value);
        Q_EMIT caseChanged(id);
        showPrediction();
      });
}

void Session::showPrediction() {
  if (!preview_ || case_.empty() || preview_->case_id != wanted_case_.toStdString()) return;
  if (case_.loaded().prepared.id != preview_->case_id) return;
  const int generation = ++generation_;
  background_.run(
      [preview = *preview_, loaded = case_.share()] {
        return attempt<models::Prediction>([&] {
          core::LabelVolume labels(loaded->prepared.size());
          if (preview.payload.empty())
            labels = core::readLabelNrrd(preview.file).labels;
          else
            labels.voxels = core::decompress(preview.payload, labels.voxels.size(), "preview");
          if (labels.size != loaded->prepared.size())
            throw core::InputError("preview", "is on another grid than the case",
                                   "the data set or its spacing has changed");
          return models::score(std::move(labels), loaded->prepared.labels,
                               static_cast<int>(loaded->labels.size()), preview.epoch);
        });
      },
      [this, generation](const Outcome<models::Prediction>& outcome) {
        if (generation != generation_) return;
        if (outcome.value)
          case_.setPrediction(outcome.value);
        else
          run_.addLog(LogLine::Level::warning, tr("The prediction cannot be shown: %1").arg(outcome.problem));
      });
}

void Session::showEpoch(int epoch) {
  if (!preview_ || run_folder_.empty()) return;
  if (epoch <= 0) epoch = run_.preview().at.epoch;
  preview_->epoch = epoch;
  preview_->payload.clear();
  preview_->file = run_folder_ / "previews" / QString::asprintf("epoch_%04d.nrrd", epoch).toStdString();
  showPrediction();
}

void Session::take(const messages::Event& event, const std::string& payload) {
  run_.apply(event);
  if (const auto* preview = std::get_if<messages::Preview>(&event)) takePreview(*preview, payload);
  if (const auto* ended = std::get_if<messages::Ended>(&event))
    if (ended->reason == "failed")
      Q_EMIT noticed(tr("Training failed: %1").arg(QString::fromStdString(ended->text)), true);
}

void Session::takePreview(const messages::Preview& preview, const std::string& payload) {
  preview_ = LatestPreview{preview.case_id, preview.at.epoch, payload, run_folder_ / preview.file};
  const QString id = QString::fromStdString(preview.case_id);
  if (id == wanted_case_)
    showPrediction();
  else if (!chosen_by_hand_)
    showCase(id, false);
}

void Session::start(const std::filesystem::path& folder) {
  if (!data_ || run_.isActive()) return;
  try {
    core::validate(settings_.config());
  } catch (const core::InputError& error) {
    Q_EMIT noticed(QString::fromUtf8(error.what()), true);
    return;
  }
  std::error_code ignored;
  const auto absolute = std::filesystem::absolute(runs_, ignored);
  const auto target =
      folder.empty() ? models::freeRunFolder(absolute, runName(*data_, settings_.config())) : folder;
  run_.clear();
  preview_.reset();
  case_.setPrediction(nullptr);
  chosen_by_hand_ = false;
  begin(target, false);
}

void Session::begin(const std::filesystem::path& folder, bool resume) {
  std::error_code ignored;
  run_folder_ = std::filesystem::absolute(folder, ignored);
  applied_config_ = settings_.config();
  run_.setState("starting");
  run_.addLog(LogLine::Level::note, (resume ? tr("Resuming %1") : tr("Training into %1"))
                                        .arg(QString::fromStdString(run_folder_.string())));
  Q_EMIT runFolderChanged();
  messages::Start command{resume ? liveSettings(applied_config_) : nlohmann::json(applied_config_),
                          run_folder_.string(), resume};
  engine_.send(command, [this](const messages::Reply& reply) {
    if (reply.ok || run_.state() == "crashed") return;
    const QString text = QString::fromStdString(reply.error);
    run_.setState("failed", text);
    run_.addLog(LogLine::Level::error, text);
    Q_EMIT noticed(text, true);
  });
}

void Session::pause() {
  if (run_.state() == "running") engine_.send(messages::Pause{});
}

void Session::resume() {
  if (run_.state() == "paused")
    engine_.send(messages::Resume{});
  else if (run_.canResume())
    begin(run_folder_, true);
}

void Session::stop() {
  if (!run_.isActive()) return;
  run_.setState("stopping", tr("saving a checkpoint"));
  engine_.send(messages::Stop{});
}

void Session::exportModel(const QString& path, const QString& format) {
  if (run_folder_.empty()) return;
  Q_EMIT busy(tr("Exporting the model …"));
  ++loading_;
  engine_.send(messages::Export{run_folder_.string(), format.toStdString(), path.toStdString()},
               [this, path](const messages::Reply& reply) {
                 loadingEnded();
                 if (!reply.ok) {
                   Q_EMIT noticed(tr("Export: %1").arg(QString::fromStdString(reply.error)), true);
                   return;
                 }
                 run_.addLog(LogLine::Level::note, tr("Model exported to %1").arg(path));
                 Q_EMIT noticed(tr("The model is in %1").arg(path), false);
                 Q_EMIT exported(path);
               });
}

void Session::setApplied(bool applied) {
  applied_ = applied;
  if (applied_) apply_later_.start();
}

void Session::settingsChanged(const QStringList&) {
  case_.setContour(settings_.config().contour);
  if (applied_) apply_later_.start();
}

void Session::applyToTraining() {
  const bool takes = run_.state() == "running" || run_.state() == "paused";
  if (!applied_ || !takes) return;
  nlohmann::json changes = core::differences(applied_config_, settings_.config());
  nlohmann::json live = nlohmann::json::object();
  for (const auto& [key, value] : changes.items())
    if (core::setting(key).live) live[key] = value;
  if (live.empty()) return;
  core::applySettings(applied_config_, live);
  engine_.send(messages::Set{live}, [this](const messages::Reply& reply) {
    if (!reply.ok)
      Q_EMIT noticed(tr("The training did not take the change: %1").arg(QString::fromStdString(reply.error)),
                     true);
  });
}

void Session::crashed(const QString& why) {
  const bool was_training = run_.isActive();
  run_.addLog(LogLine::Level::error, why);
  if (was_training) {
    run_.setState("crashed", why);
    Q_EMIT noticed(run_.canResume()
                       ? why + ' ' + tr("Nothing is lost up to the last checkpoint: press Resume.")
                       : why + ' ' + tr("There was no checkpoint yet; start again."),
                   true);
  } else {
    Q_EMIT noticed(why, true);
  }
}

}  // namespace rind::workbench
