#include "rind/workbench/thumbnail_desk.h"

#include <QStandardPaths>

#include "rind/core/error.h"
#include "rind/workbench/thumbnail.h"

namespace rind::workbench {
namespace {

constexpr int kBreath = 30;  // ms between two pictures; what else is to be painted comes first

std::filesystem::path cacheFolder() {
  const QString folder = QStandardPaths::writableLocation(QStandardPaths::CacheLocation);
  return std::filesystem::path(folder.toStdString()) / "thumbnails";
}

}  // namespace

struct ThumbnailDesk::Order {
  std::shared_ptr<const datasets::DataSet> data;
  std::string id;
  std::shared_ptr<ThumbnailCache> cache;
  std::shared_ptr<const std::atomic<bool>> cancel;
  bool only_kept = false;
};

struct ThumbnailDesk::Result {
  std::shared_ptr<const datasets::DataSet> data;
  QImage picture;
  QString problem;
  bool only_kept = false;
  bool interrupted = false;
};

ThumbnailDesk::ThumbnailDesk(const CaseDesk& desk, const Activity& activity, const models::RunModel& run)
    : desk_(desk), activity_(activity), run_(run), cache_(std::make_shared<ThumbnailCache>(cacheFolder())) {
  soon_.setSingleShot(true);
  soon_.setInterval(kBreath);
  connect(&soon_, &QTimer::timeout, this, &ThumbnailDesk::goOn);
  connect(&activity, &Activity::changed, this,
          [this](const QString& what) { what.isEmpty() ? soon_.start() : interrupt(); });
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (!(what & models::RunChange::state)) return;
    if (run_.isActive())
      interrupt();
    else
      not_kept_.clear();
    soon_.start();
  });
}

void ThumbnailDesk::want(const QStringList& ids) {
  wanted_ = ids;
  soon_.start();
}

void ThumbnailDesk::restart() {
  interrupt();
  data_ = desk_.data() ? std::make_shared<datasets::DataSet>(*desk_.data()) : nullptr;
  wanted_.clear();
  failed_.clear();
  not_kept_.clear();
}

void ThumbnailDesk::setOn(bool on) {
  on_ = on;
  if (!on) interrupt();
  soon_.start();
}

// What is being read for a picture stops at the next file; it is begun again later if it is still wanted.
void ThumbnailDesk::interrupt() {
  *cancel_ = true;
  cancel_ = std::make_shared<std::atomic<bool>>(false);
}

QString ThumbnailDesk::next() const {
  if (!on_ || !data_ || activity_.any()) return {};
  for (const auto& id : wanted_)
    if (!failed_.contains(id) && !(run_.isActive() && not_kept_.contains(id))) return id;
  return {};
}

void ThumbnailDesk::goOn() {
  const QString id = busy_ ? QString() : next();
  if (id.isEmpty()) return;
  busy_ = true;
  background_.run(
      [order = Order{data_, id.toStdString(), cache_, cancel_, run_.isActive()}] { return carryOut(order); },
      [this, id](const Result& result) { take(id, result); });
}

ThumbnailDesk::Result ThumbnailDesk::carryOut(const Order& order) {
  models::giveWayLast();
  Result result{order.data, {}, {}, order.only_kept};
  try {
    const auto& files = datasets::findCase(*order.data, order.id);
    const std::string key = thumbnailKey(*order.data, files);
    result.picture = order.cache->read(key);
    if (!result.picture.isNull() || order.only_kept) return result;
    result.picture = makeThumbnail(*order.data, files, *order.cancel);
    order.cache->write(key, result.picture);
  } catch (const core::Interrupted&) {
    result.interrupted = true;
  } catch (const std::exception& error) {
    result.problem = QString::fromUtf8(error.what());
  }
  return result;
}

void ThumbnailDesk::take(const QString& id, const Result& result) {
  busy_ = false;
  soon_.start();
  if (result.data != data_ || result.interrupted || !on_) return;
  if (!result.picture.isNull()) {  // also where it could not be kept
    wanted_.removeAll(id);
    Q_EMIT drawn(id, result.picture);
  } else if (result.only_kept && result.problem.isEmpty()) {
    not_kept_.insert(id);
  } else {
    failed_.insert(id);
    Q_EMIT failed(id, result.problem);
  }
}

}  // namespace rind::workbench
