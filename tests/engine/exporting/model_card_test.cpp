#include "rind/exporting/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_run.h"
#include "rind/exporting/run_history.h"

namespace rind::exporting {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string cardOf(const ExampleRun& run, const ExportNotes& notes = {}) {
  return modelCard(loadRun(run.path()), notes);
}

TEST(ModelCard, SaysWhatTheRunFolderKnows) {
  const ExampleRun run;
  const std::string card = cardOf(run);
  EXPECT_THAT(card, HasSubstr("# Model card: organs_run"));
  EXPECT_THAT(card, HasSubstr("| 2 | 4 | spleen |")) << "class, value in files, name";
  EXPECT_THAT(card, HasSubstr("| cases for training | 3 |"));
  EXPECT_THAT(card, HasSubstr("| 5 | lambda | 0.75 |")) << "a change made during training";
  EXPECT_THAT(card, HasSubstr("| 2 | 0.5000 | 0.6250 | best so far |"));
  EXPECT_THAT(card, HasSubstr("- a step was left out"));
  EXPECT_THAT(card, HasSubstr("| libtorch | 2.11.0 |"));
  EXPECT_THAT(card, HasSubstr("| licence | not stated |"));
}

TEST(ModelCard, NamesNoPathAndNoCase) {
  const ExampleRun run;
  const std::string card = cardOf(run);
  EXPECT_THAT(card, HasSubstr("| data | Organs |"));
  EXPECT_THAT(card, Not(HasSubstr("/home/someone")));
  EXPECT_THAT(card, Not(HasSubstr("patient_x")));
}

TEST(ModelCard, PrintsBothMeans) {
  const ExampleRun run;
  EXPECT_THAT(cardOf(run), HasSubstr("| 1 | liver | 2 | 0.7500 ± 0.3536 | 0 | 0.7500 |"));
  EXPECT_THAT(cardOf(run), HasSubstr("| 2 | spleen | 1 | 0.0000 ± – | 1 | – |"));
  EXPECT_THAT(cardOf(run), HasSubstr("DSC 0.3750 with failures counted as 0, 0.7500 with failures left out"));
}

TEST(ModelCard, CarriesNotesAndFingerprint) {
  const ExampleRun run;
  auto json = nlohmann::json::parse(core::readFile(run.path() / "run.json"));
  json["data"]["fingerprint"] = {{"median size", "31x50x40"}, {"images", "3f00aa"}};
  core::writeFileWhole(run.path() / "run.json", json.dump());
  const std::string card = cardOf(run, {"A. Author | B. Author", "CC-BY-4.0"});
  EXPECT_THAT(card, HasSubstr("| authors | A. Author \\| B. Author |"));
  EXPECT_THAT(card, HasSubstr("| licence | CC-BY-4.0 |"));
  EXPECT_THAT(card, HasSubstr("| images | 3f00aa |"));
}

TEST(ModelCard, IsWrittenOfARunWithoutEventsAndScores) {
  const ExampleRun run;
  for (const char* name : {"events.jsonl", "scores.csv"}) std::filesystem::remove(run.path() / name);
  EXPECT_THAT(cardOf(run), HasSubstr("No epoch was recorded."));
  EXPECT_THAT(cardOf(run), HasSubstr("The run holds no scores."));
}

}  // namespace
}  // namespace rind::exporting
