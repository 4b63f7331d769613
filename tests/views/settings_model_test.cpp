#include "rind/models/settings_model.h"

#include <gtest/gtest.h>

#include <QRegularExpression>
#include <QSignalSpy>
#include <set>

#include "rind/core/atomic_file.h"
#include "rind/core/recipes.h"
#include "rind/core/settings.h"
#include "rind/models/setting_domain.h"

namespace rind::models {
namespace {

TEST(SettingsModel, TellsWhichKeysChanged) {
  SettingsModel settings;
  QSignalSpy changed(&settings, &SettingsModel::changed);
  EXPECT_TRUE(settings.set("lambda", 0.7));
  ASSERT_EQ(changed.count(), 1);
  EXPECT_EQ(changed[0][0].toStringList(), QStringList{"lambda"});
  EXPECT_DOUBLE_EQ(settings.config().loss.lambda, 0.7);
  EXPECT_TRUE(settings.set("lambda", 0.7));
  EXPECT_EQ(changed.count(), 1) << "the same value is no change";
}

TEST(SettingsModel, RefusesWhatIsOutOfRangeAndSaysWhy) {
  SettingsModel settings;
  QSignalSpy refused(&settings, &SettingsModel::refused);
  EXPECT_FALSE(settings.set("kernel", 4));
  EXPECT_FALSE(settings.set("lambda", 1.5));
  ASSERT_EQ(refused.count(), 2);
  EXPECT_EQ(refused[0][0].toString(), "kernel");
  EXPECT_FALSE(refused[0][1].toString().isEmpty());
  EXPECT_EQ(settings.config().contour.kernel, 3);
}

TEST(SettingsModel, UndoTakesBackAWholeDragOfOneSlider) {
  SettingsModel settings;
  for (const int n : {5, 4, 3}) settings.set("iterations", n);
  settings.set("alpha", 4.0);
  settings.undo();
  EXPECT_EQ(settings.config().contour.iterations, 3);
  EXPECT_DOUBLE_EQ(settings.config().loss.alpha, 2.0);
  settings.undo();
  EXPECT_EQ(settings.config().contour.iterations, 6);
  EXPECT_FALSE(settings.canUndo());
  settings.redo();
  settings.redo();
  EXPECT_DOUBLE_EQ(settings.config().loss.alpha, 4.0);
}

TEST(SettingsModel, AWholeRecipeIsOneStepOfUndo) {
  SettingsModel settings;
  settings.set("batch", 7);
  const core::RunConfig before = settings.config();
  QSignalSpy changed(&settings, &SettingsModel::changed);
  EXPECT_TRUE(settings.setAll(core::recipe("recommended")));
  EXPECT_EQ(changed.count(), 1);
  EXPECT_TRUE(changed[0][0].toStringList().contains("loss"));
  EXPECT_EQ(settings.config().batch, 4);
  EXPECT_TRUE(settings.setAll(core::recipe("authors")));
  EXPECT_EQ(settings.config().batch, 2) << "what the other recipe had set is taken back";
  settings.undo();
  settings.undo();
  EXPECT_EQ(settings.config(), before);
}

TEST(SettingsModel, SetsAllOrNothing) {
  SettingsModel settings;
  QSignalSpy refused(&settings, &SettingsModel::refused);
  EXPECT_FALSE(settings.setAll({{"batch", 3}, {"kernel", 4}}));
  ASSERT_EQ(refused.count(), 1);
  EXPECT_EQ(refused[0][0].toString(), "kernel");
  EXPECT_EQ(settings.config(), core::RunConfig{});
  EXPECT_FALSE(settings.canUndo());
}

TEST(SettingDomain, EveryChoiceIsAcceptedByItsSetting) {
  for (const char* key :
       {"loss", "network", "border", "preset", "schedule", "device", "precision", "optimiser"})
    for (const auto& [value, shown] : domainOf(key).choices) {
      core::RunConfig config;
      EXPECT_NO_THROW(core::applySettings(config, {{key, value}})) << key << " " << value;
    }
}

TEST(SettingDomain, OffersEverySchedule) {
  std::vector<std::string> offered;
  for (const auto& [value, shown] : domainOf("schedule").choices) offered.push_back(value);
  EXPECT_EQ(offered, (std::vector<std::string>{"paper", "cosine", "polynomial", "constant"}));
}

// The texts that stand in QT_TRANSLATE_NOOP("Setting", …), as translators are given them.
std::set<std::string> textsMarkedIn(const std::string& source) {
  static const QRegularExpression mark(
      R"~(QT_TRANSLATE_NOOP\(\s*"Setting",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\))~");
  static const QRegularExpression literal(R"~("((?:[^"\\]|\\.)*)")~");
  std::set<std::string> texts;
  for (auto found = mark.globalMatch(QString::fromStdString(source)); found.hasNext();) {
    QString text;
    for (auto part = literal.globalMatch(found.next().captured(1)); part.hasNext();)
      text += part.next().captured(1);
    texts.insert(text.toStdString());
  }
  return texts;
}

TEST(SettingDomain, EveryTextOfEverySettingIsGivenToTranslators) {
  std::set<std::string> marked;
  for (const char* file : {"setting_domain.cpp", "advanced_domains.cpp"})
    marked.merge(textsMarkedIn(core::readFile(std::filesystem::path(RIND_SOURCES) / "views/models" / file)));
  EXPECT_GT(settingDomains().size(), 25u);
  for (const auto& domain : settingDomains()) {
    std::vector<std::string> texts = {domain.label, domain.explanation, domain.none};
    for (const auto& [value, shown] : domain.choices) texts.push_back(shown);
    for (const auto& text : texts)
      EXPECT_TRUE(text.empty() || marked.contains(text)) << domain.key << ": " << text;
  }
}

TEST(SettingDomain, BothEndsOfEveryRangeAreAccepted) {
  for (const char* key :
       {"iterations", "kernel",   "lambda",     "alpha",        "base-channels", "epochs",     "batch",
        "lr",         "seed",     "momentum",   "weight-decay", "average",       "accumulate", "clip",
        "warm-up",    "patience", "foreground", "rotate",       "flip",          "scale",      "intensity"})
    for (const double value : {domainOf(key).least, domainOf(key).most}) {
      core::RunConfig config;
      EXPECT_NO_THROW(core::applySettings(config, {{key, value}})) << key << " " << value;
    }
}

}  // namespace
}  // namespace rind::models
