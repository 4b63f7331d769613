#pragma once

#include <QString>
#include <string>

namespace rind::models {

/// A run's state (RunModel, RunLine) as a person says it: the same word in the list of runs, the status strip
/// and the title.
QString stateWord(const std::string& state);

/// What the state means, for a tooltip; empty where the word says it all.
QString stateExplanation(const std::string& state);

/// Whether a training goes on in it, paused or not.
bool isActiveState(const std::string& state);

}  // namespace rind::models
