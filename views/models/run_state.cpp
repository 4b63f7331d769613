#include "rind/models/run_state.h"

#include <QCoreApplication>

namespace rind::models {
namespace {

struct StateText {
  const char* state;
  const char* word;
  const char* explanation;
  bool active = false;
};

const StateText kStates[] = {
    {"none", QT_TRANSLATE_NOOP("RunState", "ready"), ""},
    {"starting", QT_TRANSLATE_NOOP("RunState", "starting"), "", true},
    {"loading", QT_TRANSLATE_NOOP("RunState", "loading"), "", true},
    {"preparing", QT_TRANSLATE_NOOP("RunState", "preparing"), "", true},
    {"running", QT_TRANSLATE_NOOP("RunState", "running"),
     QT_TRANSLATE_NOOP("RunState", "A process on this machine trains it now."), true},
    {"paused", QT_TRANSLATE_NOOP("RunState", "❚❚ paused"),
     QT_TRANSLATE_NOOP("RunState", "It waits in memory where it was; Resume goes on at the next step."),
     true},
    {"stopping", QT_TRANSLATE_NOOP("RunState", "stopping"),
     QT_TRANSLATE_NOOP("RunState", "It saves a checkpoint and ends."), true},
    {"finished", QT_TRANSLATE_NOOP("RunState", "finished"),
     QT_TRANSLATE_NOOP("RunState", "It was trained to its end.")},
    {"stopped", QT_TRANSLATE_NOOP("RunState", "stopped"),
     QT_TRANSLATE_NOOP("RunState", "Somebody stopped it; it can be resumed.")},
    {"failed", QT_TRANSLATE_NOOP("RunState", "failed"),
     QT_TRANSLATE_NOOP("RunState", "It ended with an error; its log says which.")},
    {"crashed", QT_TRANSLATE_NOOP("RunState", "broke off"),
     QT_TRANSLATE_NOOP("RunState",
                       "It has no end and nobody trains it; it can be resumed from its last checkpoint.")},
    {"held", QT_TRANSLATE_NOOP("RunState", "in another process"),
     QT_TRANSLATE_NOOP(
         "RunState",
         "Another process on this machine trains it. What it writes is followed; it is paused and stopped "
         "there.")},
    {"elsewhere", QT_TRANSLATE_NOOP("RunState", "elsewhere"),
     QT_TRANSLATE_NOOP(
         "RunState",
         "It was begun on another machine and has no end here. Resume it only where nobody trains "
         "it.")},
    {"unreadable", QT_TRANSLATE_NOOP("RunState", "⚠ unreadable"), ""}};

const StateText* find(const std::string& state) {
  for (const auto& text : kStates)
    if (state == text.state) return &text;
  return nullptr;
}

}  // namespace

QString stateWord(const std::string& state) {
  const auto* text = find(state);
  return text == nullptr ? QString::fromStdString(state)
                         : QCoreApplication::translate("RunState", text->word);
}

QString stateExplanation(const std::string& state) {
  const auto* text = find(state);
  return text == nullptr || *text->explanation == '\0'
             ? QString()
             : QCoreApplication::translate("RunState", text->explanation);
}

bool isActiveState(const std::string& state) {
  const auto* text = find(state);
  return text != nullptr && text->active;
}

}  // namespace rind::models
