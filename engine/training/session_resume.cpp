#include <algorithm>

#include "rind/training/session_run.h"

namespace rind::training {
namespace {

using nlohmann::json;

/// What says where and how exactly a run computes; a resumed one may be elsewhere.
constexpr const char* kPlaces[] = {"data", "device", "precision", "threads"};

json placesOf(const json& changes) {
  json places = json::object();
  for (const char* key : kPlaces)
    if (changes.contains(key)) places[key] = changes.at(key);
  return places;
}

json withoutPlaces(json changes) {
  if (!changes.is_object()) return changes;
  for (const char* key : kPlaces) changes.erase(key);
  return changes;
}

}  // namespace

void Session::Run::readRun() {
  const auto split_file = folder_->path() / "split.json";
  config_ = RunFolder::readDescription(folder_->path()).at("config").get<core::RunConfig>();
  split_as_given_ = config_.split;
  if (std::filesystem::exists(split_file)) config_.split = split_file.string();
  for (const auto& change : folder_->eventsUntil(0, 0).changes)
    core::applySettings(config_, placesOf(change.changes));
  const core::RunConfig before = config_;
  core::applySettings(config_, placesOf(setup_.changes));
  moved_ = core::differences(before, config_);
}

void Session::Run::restore() {
  const Restored restored = loadCheckpoint(folder_->path(), *trainer_, data_.labels.size());
  standing_ = restored.standing;
  const auto history = folder_->eventsUntil(standing_.step, standing_.epoch);
  if (history.best) outcome_.classes = history.best->classes;
  takeSettings(history.changes);
  plan_ = planRun(config_, data_);
  folder_->keepEvents(history);
  while (replayed_ < setup_.replay.size() && setup_.replay[replayed_].step < standing_.step) ++replayed_;
  described_ = true;
  if (!restored.warning.empty()) warn("an older checkpoint is used: " + restored.warning);
  const json before =
      RunFolder::readDescription(folder_->path()).value("data", json::object()).value("fingerprint", json());
  if (!before.is_null() && before != data_.description["fingerprint"])
    warn("the data are not as they were when this run began (their fingerprint differs)");
}

/// What is to differ is what differs from the settings at the record's end, where who asks saw them.
void Session::Run::takeSettings(const std::vector<RecordedChange>& recorded) {
  core::RunConfig at_end = config_;
  for (const auto& [step, changes] : recorded) {
    const json settings = withoutPlaces(changes);
    core::applySettings(at_end, settings);
    if (step <= standing_.step)
      core::applySettings(config_, settings);
    else if (!settings.empty() && std::find(setup_.replay.begin(), setup_.replay.end(),
                                            RecordedChange{step, changes}) == setup_.replay.end())
      again_.push_back({step, settings});
  }
  core::RunConfig wanted = at_end;
  core::applySettings(wanted, withoutPlaces(setup_.changes));
  if (wanted.split == split_as_given_) wanted.split = at_end.split;
  setup_.changes = core::differences(at_end, wanted);
  requireLive(setup_.changes);
  core::applySettings(config_, setup_.changes);
  overrule(again_, setup_.changes);
  setup_.changes.update(moved_);
}

}  // namespace rind::training
