#include "rind/workbench/picture_caption.h"

#include <QFileInfo>
#include <QRegularExpression>

#include "rind/core/settings.h"
#include "rind/core/text.h"
#include "rind/core/version.h"
#include "rind/workbench/theme.h"
#include "rind/workbench/view_options.h"
#include "rind/workbench/window_parts.h"

namespace rind::workbench {
namespace {

QString shellWord(const QString& word) {
  static const QRegularExpression plain("^[A-Za-z0-9_@%+=:,./-]+$");
  if (plain.match(word).hasMatch()) return word;
  return '\'' + QString(word).replace('\'', "'\\''") + '\'';
}

QString absolutePath(const std::filesystem::path& path) {
  return QFileInfo(QString::fromStdString(path.string())).absoluteFilePath();
}

// The settings that differ from those that come with the run or, without one, with the program.
QStringList settingOptions(const core::RunConfig& begins, const core::RunConfig& config) {
  QStringList words;
  const nlohmann::json changes = core::differences(begins, config);
  for (const auto& [key, value] : changes.items()) {
    if (key == "data" || value.is_null()) continue;
    words << "--set" << QString::fromStdString(key + "=" + core::textOf(value));
  }
  return words;
}

QStringList commandOf(const PictureFacts& facts, const core::RunConfig& begins) {
  const auto& request = facts.request;
  QStringList words = {
      "rind-workbench", facts.run.empty() ? facts.source : absolutePath(facts.run),
      "--screenshot",   QFileInfo(request.file).absoluteFilePath(),
      "--size",         QString("%1x%2").arg(request.size.width()).arg(request.size.height()),
      "--view",         request.view,
      "--case",         facts.case_id};
  if (facts.epoch > 0) words << "--epoch" << QString::number(facts.epoch);
  if (request.transparent) words << "--transparent";
  words += facts.view_options;
  words += settingOptions(begins, facts.config);
  for (auto& word : words) word = shellWord(word);
  return words;
}

QString contourText(const core::ContourSettings& contour) {
  return QObject::tr("kernel %1, %2 erosions: %3 voxels at most; border %4, adaptive %5, background %6")
      .arg(contour.kernel)
      .arg(contour.iterations)
      .arg(contour.thickness())
      .arg(
          QString::fromStdString(core::toString(contour.border)),
          QString::fromStdString(core::toString(contour.adaptive)),
          contour.include_background ? QObject::tr("with a band of its own") : QObject::tr("without a band"));
}

QString fingerprintText(const models::RunFolder& run) {
  const auto text = [](const std::string& mark) {
    return mark.empty() ? QObject::tr("not known") : QString::fromStdString(mark);
  };
  return QObject::tr("training %1, validation %2")
      .arg(text(run.training_fingerprint), text(run.validation_fingerprint));
}

}  // namespace

PictureFacts factsOf(Session& session, ViewGrid& views, const PictureRequest& request) {
  const auto& shown = session.shownCase();
  const QString id = shown.empty() ? QString() : QString::fromStdString(shown.loaded().prepared.id);
  PictureFacts facts{request, session.source(), session.runFolder(), id, 0, session.settings().config(), {}};
  if (const auto prediction = shown.prediction()) facts.epoch = prediction->epoch;
  if (!shown.empty()) facts.view_options = readViewOptions(session, views, request.view);
  if (request.view == "window") {
    facts.view_options << "--theme" << (isDark() ? "dark" : "light");
    const QString parts = readParts(*qobject_cast<QMainWindow*>(views.window()));
    facts.view_options << "--panels" << (request.panels.isEmpty() ? parts : request.panels);
  }
  return facts;
}

QString captionOf(const PictureFacts& facts) {
  core::RunConfig begins;
  const auto& request = facts.request;
  QStringList lines;
  lines << QObject::tr("%1: %2 of case %3, %4 x %5 pixels")
               .arg(QFileInfo(request.file).fileName(), request.view, facts.case_id)
               .arg(request.size.width())
               .arg(request.size.height())
        << QString();
  const auto add = [&lines](const QString& name, const QString& text) {
    lines << QStringLiteral("%1  %2").arg(name, -11).arg(text);
  };
  add(QObject::tr("data"), facts.source.isEmpty() ? QObject::tr("not open") : facts.source);
  if (!facts.run.empty()) {
    const auto run = models::readRunFolder(facts.run);
    begins = run.config;
    add(QObject::tr("fingerprint"), fingerprintText(run));
    add(QObject::tr("run"), absolutePath(facts.run));
    add(QObject::tr("prediction"),
        facts.epoch > 0 ? QObject::tr("of epoch %1").arg(facts.epoch) : QObject::tr("none of this case"));
  }
  add(QObject::tr("contour"), contourText(facts.config.contour));
  add(QObject::tr("made by"), QObject::tr("Rind %1").arg(core::kVersion));
  if (request.view == "window")
    add(QObject::tr("not kept"),
        QObject::tr("how far lists are scrolled, what is folded open, what stands in the log"));
  lines << QString() << QObject::tr("To make it again:") << QString() << commandOf(facts, begins).join(' ')
        << QString();
  return lines.join('\n');
}

QString captionFile(const QString& picture) {
  const QFileInfo info(picture);
  return info.path() + '/' + info.completeBaseName() + ".txt";
}

}  // namespace rind::workbench
