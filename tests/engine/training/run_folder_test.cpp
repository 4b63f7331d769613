// Whose folder it is: what a training takes, refuses, and leaves behind.
#include "rind/training/run_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/test_support/temporary_folder.h"
#include "toy_run.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;

/// Every file below a folder with its content, and every folder with none.
std::map<std::string, std::string> contentOf(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    found[entry.path().lexically_relative(folder).string()] =
        entry.is_directory() ? "" : core::readFile(entry.path());
  return found;
}

void write(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  core::writeFileWhole(file, content);
}

SessionSetup failing(const fs::path& folder, EventRecord& record) {
  auto setup = toySetup(folder, record);
  setup.open = [](const core::RunConfig&, const OpeningWatch&) -> TrainingData {
    throw core::InputError("typo", "does not exist", "check the name");
  };
  return setup;
}

class RunFolders : public ::testing::Test {
 protected:
  void expectRefusedAndKept() {
    const auto before = contentOf(run_);
    for (const bool fails : {false, true}) {
      const auto result = Session(fails ? failing(run_, record_) : toySetup(run_, record_)).wait();
      EXPECT_EQ(result.reason, "failed");
      EXPECT_NE(result.text.find("that is not a run's"), std::string::npos) << result.text;
      EXPECT_EQ(contentOf(run_), before);
    }
  }
  void leaveACutOffStart() {
    write(run_ / "lock", "some host, process 1\n");
    write(run_ / "split.json", "{}");
    write(run_ / "checkpoints/last.checkpoint", "x");
    write(run_ / "checkpoints/.fresh.part-1-0.checkpoint", "x");
    write(run_ / ".run.part-1-1.json", "{");
    fs::create_directories(run_ / "previews");
  }

  TemporaryFolder folder_;
  fs::path run_ = folder_ / "run";
  EventRecord record_;
};

}  // namespace

TEST_F(RunFolders, OtherThingsInAFolderAreNeitherTakenNorRemoved) {
  write(run_ / "notes.txt", "mine");
  write(run_ / "checkpoints/model.pt", "mine");
  write(run_ / "split.json", "mine");
  expectRefusedAndKept();
}

TEST_F(RunFolders, ASplitByItselfIsAPersonsAndNotOfARun) {
  write(run_ / "split.json", "mine");
  expectRefusedAndKept();
}

TEST_F(RunFolders, ALockThatIsNoTrainersIsNotWrittenOver) {
  write(run_ / "lock", "the key is under the mat\n");
  expectRefusedAndKept();
}

TEST_F(RunFolders, OtherCheckpointsBesideALockAreAPersons) {
  leaveACutOffStart();
  write(run_ / "checkpoints/model.pt", "mine");
  expectRefusedAndKept();
}

TEST_F(RunFolders, AnEmptyFolderIsTakenAndLeftEmptyByAFailure) {
  fs::create_directories(run_);
  EXPECT_EQ(Session(failing(run_, record_)).wait().reason, "failed");
  ASSERT_TRUE(fs::exists(run_)) << "a training removes only what it made";
  EXPECT_TRUE(fs::is_empty(run_));
  EXPECT_EQ(Session(toySetup(run_, record_)).wait().reason, "finished");
}

TEST_F(RunFolders, AStartThatWasCutOffCanBeMadeAgain) {
  leaveACutOffStart();
  const auto result = Session(toySetup(run_, record_)).wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  EXPECT_FALSE(fs::exists(run_ / "checkpoints/.fresh.part-1-0.checkpoint"));
}

TEST_F(RunFolders, WhatAStartThatWasCutOffLeftGoesWithTheNextFailure) {
  leaveACutOffStart();
  EXPECT_EQ(Session(failing(run_, record_)).wait().reason, "failed");
  EXPECT_TRUE(contentOf(run_).empty());
}

TEST_F(RunFolders, ChangesAfterTheStepAreKeptAndAllElseIsNot) {
  fs::create_directories(run_);
  RunFolder folder(run_, false);
  folder.append(messages::Parameters{{2, 1}, {{"lr", 0.1}}});
  folder.append(messages::Step{{3, 1}});
  folder.append(messages::Parameters{{3, 1}, {{"lr", 0.2}}});
  folder.append(messages::Step{{4, 2}});
  const auto history = folder.eventsUntil(2, 1);
  EXPECT_EQ(history.changes, (std::vector<RecordedChange>{{2, {{"lr", 0.1}}}, {3, {{"lr", 0.2}}}}));
  EXPECT_EQ(std::count(history.lines.begin(), history.lines.end(), '\n'), 2);
}

TEST(RecordedChanges, ANewerWishOverrulesThoseOfLaterSteps) {
  std::vector<RecordedChange> changes;
  addChange(changes, {5, {{"lr", 1}}});
  addChange(changes, {9, {{"lr", 2}, {"flip", 0.1}}});
  addChange(changes, {9, {{"lr", 2}, {"flip", 0.1}}});
  addChange(changes, {7, {{"lr", 3}}});
  EXPECT_EQ(changes, (std::vector<RecordedChange>{
                         {5, {{"lr", 1}}}, {7, {{"lr", 3}}}, {9, {{"lr", 3}, {"flip", 0.1}}}}));
}

TEST(RecordedChanges, APresetIsOverruledInWhatItStandsFor) {
  std::vector<RecordedChange> changes;
  addChange(changes, {9, {{"preset", "authors"}}});
  addChange(changes, {7, {{"weight-decay", 0.25}}});
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[1].changes["preset"], "authors");
  EXPECT_EQ(changes[1].changes["weight-decay"], 0.25);
}

}  // namespace rind::training
