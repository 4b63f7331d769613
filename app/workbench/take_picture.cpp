#include "rind/workbench/take_picture.h"

#include <memory>

#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/workbench/say_error.h"
#include "rind/workbench/view_option_values.h"
#include "rind/workbench/when_quiet.h"

namespace rind::workbench {
namespace {

void showLayer(Session& session, ViewGrid& views, const QString& layer) {
  const int which = wordIn(layer, "--layer", {"band", "prediction", "error"});
  models::Layers layers;
  layers.band = which == 0;
  layers.prediction = which != 0;
  layers.error = which == 2;
  layers.reference = which != 2;
  session.shownCase().setLayers(layers);
  views.sceneView().chooseMode(which == 0 ? rendering::SceneMode::shells : rendering::SceneMode::both);
}

void requirePrediction(Session& session, const char* option) {
  if (!session.shownCase().prediction())
    throw core::InputError(option,
                           "there is no prediction of case " + session.caseId().toStdString() + " here",
                           "open the folder of a run that kept one, or choose another --case");
}

/// One order on its way: shows what it asks for, waits for it, saves it, ends the program once.
class Errand : public QObject {
 public:
  Errand(Session& session, MainWindow& window, PictureOrder order)
      : QObject(&window), session_(session), window_(window), order_(std::move(order)) {
    if (order_.picture.view != "window") session.thumbnails().setOn(false);
    connect(&session, &Session::dataProblem, this, &Errand::fail);
    connect(&session, &Session::caseProblem, this, [this](const QString& id, const QString& why) {
      if (!asksFor(id)) fail(why);
    });
    connect(&session, &Session::predictionProblem, this, [this](const QString& why) {
      if (!why.isEmpty()) fail(why);
    });
    connect(&session, &Session::caseChanged, this, &Errand::caseChanged);
    connect(&window.pictures(), &PictureDesk::failed, this, &Errand::fail);
    connect(&window.pictures(), &PictureDesk::saved, this, [this] { end(0); });
  }

 private:
  // Of another case than that of the picture; the first one comes by itself.
  bool asksFor(const QString& id) {
    if (id == order_.case_id || order_.case_id.isEmpty()) return false;
    if (!asked_) session_.showCase(order_.case_id, true);
    asked_ = true;
    return true;
  }

  void caseChanged(const QString& id) {
    if (!asksFor(id) && !shown_) {
      shown_ = true;
      then([this] { dress(); });
    }
  }

  void dress() {
    if (order_.epoch > 0) requirePrediction(session_, "--epoch");
    if (order_.epoch > 0) session_.showEpoch(order_.epoch);
    if (order_.layer == "prediction" || order_.layer == "error") requirePrediction(session_, "--layer");
    if (!order_.layer.isEmpty()) showLayer(session_, window_.views(), order_.layer);
    for (const auto& [option, text] : order_.options) option->apply(session_, window_.views(), text);
    then([this] { window_.pictures().save(order_.picture); });
  }

  // Goes on where nothing is under way any more and nothing has failed.
  template <class Step>
  void then(Step step) {
    whenQuiet(session_, window_, [this, step] {
      if (ended_) return;
      try {
        step();
      } catch (const core::InputError& error) {
        fail(QString::fromUtf8(error.what()));
      }
    });
  }

  void fail(const QString& why) {
    if (!ended_) sayError(why.toStdString());
    end(2);
  }

  void end(int status) {
    if (!ended_) finish(status);
    ended_ = true;
  }

  Session& session_;
  MainWindow& window_;
  PictureOrder order_;
  bool asked_ = false;
  bool shown_ = false;
  bool ended_ = false;
};

}  // namespace

void takePicture(Session& session, MainWindow& window, const PictureOrder& order) {
  new Errand(session, window, order);  // its parent is the window
}

void setSettings(Session& session, const QStringList& words) {
  nlohmann::json changes = nlohmann::json::object();
  for (const auto& word : words) {
    const auto equals = word.indexOf('=');
    if (equals < 1)
      throw core::InputError("--set", "cannot be \"" + word.toStdString() + "\"",
                             "give a setting and its value, as in --set iterations=2");
    changes[word.left(equals).toStdString()] = word.mid(equals + 1).toStdString();
  }
  core::RunConfig config = session.settings().config();
  core::applySettings(config, changes);
  session.settings().setConfig(config);
}

}  // namespace rind::workbench
