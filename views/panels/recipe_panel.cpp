#include "rind/panels/recipe_panel.h"

#include <QSignalBlocker>
#include <QVBoxLayout>

#include "rind/core/recipes.h"
#include "rind/panels/setting_rows.h"
#include "rind/panels/wheel_guard.h"

namespace rind::panels {
namespace {

struct RecipeText {
  const char* name;
  const char* title;
  const char* explanation;
};

const RecipeText kTexts[] = {
    {"paper", QT_TRANSLATE_NOOP("rind::panels::RecipePanel", "Paper"),
     QT_TRANSLATE_NOOP("rind::panels::RecipePanel",
                       "CWCD as in the paper's text, trained as the paper trains.")},
    {"authors", QT_TRANSLATE_NOOP("rind::panels::RecipePanel", "Authors"),
     QT_TRANSLATE_NOOP("rind::panels::RecipePanel",
                       "CWCD as the authors' published code has it, with their weight decay.")},
    {"recommended", QT_TRANSLATE_NOOP("rind::panels::RecipePanel", "Recommended"),
     QT_TRANSLATE_NOOP(
         "rind::panels::RecipePanel",
         "Cross entropy + Dice, a larger batch and a faster rate that falls smoothly: in our own trials no "
         "contour weight did better on every seed. The contour is drawn, and does not weigh.")}};

bool holds(const models::SettingsModel& settings, const std::string& name) {
  const nlohmann::json wanted = core::recipe(name);
  for (const auto& [key, value] : wanted.items())
    if (settings.value(key) != value) return false;
  return true;
}

}  // namespace

RecipePanel::RecipePanel(models::SettingsModel& settings, QWidget* parent)
    : QWidget(parent), settings_(settings), recipe_(new QComboBox), says_(new QLabel) {
  setObjectName("recipePanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(makeHeading(tr("RECIPE")));
  recipe_->setObjectName("recipe");
  recipe_->setAccessibleName(tr("Recipe"));
  recipe_->setPlaceholderText(tr("Own settings"));
  QString tip =
      tr("Sets loss, contour and everything about the optimisation in one step, which Undo takes back. "
         "Data, network, epochs and device stay.");
  for (const auto& text : kTexts) {
    recipe_->addItem(tr(text.title), QString::fromLatin1(text.name));
    tip += QStringLiteral("<br><b>%1</b>: %2").arg(tr(text.title), tr(text.explanation));
  }
  recipe_->setToolTip(tip);
  column->addWidget(recipe_);
  says_->setObjectName("recipeReadOut");
  says_->setProperty("role", "quiet");
  says_->setWordWrap(true);
  column->addWidget(says_);
  guardFromWheel(recipe_);
  connect(recipe_, &QComboBox::activated, this,
          [this] { settings_.setAll(core::recipe(recipe_->currentData().toString().toStdString())); });
  connect(&settings, &models::SettingsModel::changed, this, &RecipePanel::describe);
  describe();
}

void RecipePanel::describe() {
  int at = -1;
  for (int i = 0; i < recipe_->count() && at < 0; ++i)
    if (holds(settings_, recipe_->itemData(i).toString().toStdString())) at = i;
  const QSignalBlocker quiet(recipe_);
  recipe_->setCurrentIndex(at);
  says_->setText(at >= 0 ? tr(kTexts[at].explanation)
                         : tr("Not one of the recipes as it stands. Choosing one sets loss, contour and "
                              "optimisation together."));
}

}  // namespace rind::panels
