#include "rind/exporting/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_run.h"
#include "rind/exporting/export_formats.h"
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

TEST(ModelCard, NamesNoCaseOfAWarning) {
  const ExampleRun run;
  core::writeFileWhole(run.path() / "events.jsonl",
                       R"({"event":"warning","text":"left out: /home/someone/secret_y.nii.gz: is cut short"}
{"event":"warning","text":"no data for 30 s: waiting for case patient_x to be read"}
{"event":"warning","text":"an older checkpoint is used: /home/someone/run/last.checkpoint: is damaged"}
)");
  const std::string card = cardOf(run);
  EXPECT_THAT(card, Not(HasSubstr("secret_y")));
  EXPECT_THAT(card, Not(HasSubstr("patient_x")));
  EXPECT_THAT(card, Not(HasSubstr("/home/someone")));
  EXPECT_THAT(card, HasSubstr("waiting for case (not named) to be read"));
  EXPECT_THAT(card, HasSubstr("an older checkpoint is used: last.checkpoint: is damaged"));
  EXPECT_THAT(card, HasSubstr("could not be used were left out (1)"));
}

TEST(ModelCard, SaysWhichWeightsItIsOf) {
  const ExampleRun run;
  EXPECT_THAT(cardOf(run), HasSubstr("| weights | best.weights, the best epoch's |"));
  EXPECT_THAT(cardOf(run), Not(HasSubstr("these scores are not its own")));
  EXPECT_EQ(exportRun(run.path(), "model-card", run.path() / "card.md"), "");
  const auto checkpoints = run.path() / "checkpoints";
  std::filesystem::remove(checkpoints / "best.weights");
  struct Checkpoint : torch::nn::Module {
    explicit Checkpoint(const std::shared_ptr<networks::Network>& network) {
      register_module("network", std::static_pointer_cast<torch::nn::Module>(network));
    }
  };
  const auto network = networks::makeNetwork(exampleModel("unet", {16, 16, 16}).network, 3);
  networks::saveWeights(checkpoints / "last.checkpoint", Checkpoint(network));
  EXPECT_THAT(cardOf(run), HasSubstr("| weights | last.checkpoint, not the best epoch's |"));
  EXPECT_THAT(cardOf(run), HasSubstr("these scores are not its own"));
  EXPECT_THAT(exportRun(run.path(), "model-card", run.path() / "card.md"),
              HasSubstr("best.weights is missing"));
}

TEST(ModelCard, SaysWhatAPredictionIsCroppedTo) {
  auto description = exampleModel("unet", {16, 16, 16});
  EXPECT_THAT(cardOf(ExampleRun(description)), HasSubstr("| cropped to | nothing |"));
  description.preprocessing.crop.nonzero = true;
  EXPECT_THAT(cardOf(ExampleRun(description)), HasSubstr("| cropped to | the box of voxels that are not 0"));
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
