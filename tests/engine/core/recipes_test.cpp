#include "rind/core/recipes.h"

#include <gtest/gtest.h>

#include "rind/core/error.h"
#include "rind/core/settings.h"

namespace rind::core {

RunConfig withRecipe(RunConfig config, const std::string& name) {
  applySettings(config, recipe(name));
  return config;
}

TEST(Recipes, AreWhatTheCommandLinesPresetsSet) {
  for (const auto& name : recipeNames()) {
    RunConfig by_preset;
    applySettings(by_preset, {{"preset", name}});
    EXPECT_EQ(withRecipe({}, name), by_preset) << name;
  }
  EXPECT_EQ(withRecipe({}, "paper"), RunConfig{}) << "the defaults are the paper's";
  EXPECT_THROW(recipe("secret"), InputError);
}

TEST(Recipes, TakeBackWhatAnotherHadSetAndLeaveTheRestAlone) {
  RunConfig config;
  config.data = "phantom:amos";
  config.network = "vnet";
  config.epochs = 7;
  config.seed = 3;
  const RunConfig own = config;
  config.contour.iterations = 1;
  config.loss.alpha = 5;
  config.warm_up = 0.5;
  config.clip = 1;
  EXPECT_EQ(withRecipe(withRecipe(config, "recommended"), "paper"), own);
}

TEST(Recipes, RecommendedIsTheDocumentedOne) {
  const RunConfig config = withRecipe({}, "recommended");
  EXPECT_EQ(config.loss.kind, LossKind::cedl);
  EXPECT_EQ(config.batch, 4);
  EXPECT_DOUBLE_EQ(config.learning_rate, 2e-3);
  EXPECT_EQ(config.schedule, "cosine");
  EXPECT_FALSE(config.patch) << "that of the median case";
}

}  // namespace rind::core
