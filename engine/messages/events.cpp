#include "rind/messages/events.h"

#include <cmath>

namespace rind::messages {
namespace {

using nlohmann::json;

// NaN has no JSON; it is written and read as null.
json number(double value) {
  return std::isfinite(value) ? json(value) : std::isnan(value) ? json(nullptr) : json("inf");
}

double numberAt(const json& body, const char* key) {
  const auto at = body.find(key);
  if (at == body.end()) return 0;
  if (at->is_number()) return at->get<double>();
  return at->is_string() ? HUGE_VAL : std::nan("");
}

json head(const char* name, const Moment& at) {
  return {{"event", name}, {"step", at.step}, {"epoch", at.epoch}, {"time", at.time}};
}

Moment momentIn(const json& body) {
  return {body.value("step", std::int64_t{0}), body.value("epoch", 0), numberAt(body, "time")};
}

json write(const Started& e) {
  json body = head("started", e.at);
  body["config"] = e.config;
  body["steps_per_epoch"] = e.steps_per_epoch;
  body["epochs"] = e.epochs;
  body["resumed_from"] = e.resumed_from;
  body["memory"] = {{"needed", e.memory_needed}, {"left", e.memory_left}};
  return body;
}

json write(const Step& e) {
  json body = head("step", e.at);
  body["seconds"] = e.seconds;
  body["learning_rate"] = e.learning_rate;
  body["gradient_norm"] = number(e.gradient_norm);
  if (e.patches > 0) body["patches"] = e.patches;
  body["loss"] = {{"total", number(e.loss)}};
  for (const auto& [name, value] : e.terms) body["loss"][name] = number(value);
  return body;
}

json write(const Epoch& e) {
  json body = head("epoch", e.at);
  body["seconds"] = e.seconds;
  body["loss"] = number(e.loss);
  body["best"] = e.best;
  body["waited"] = e.waited;
  json classes = json::array();
  for (const auto& c : e.classes)
    classes.push_back({{"class", c.index}, {"name", c.name}, {"dsc", number(c.dsc)}});
  body["validation"] = {{"mean_dsc", number(e.mean_dsc)}, {"classes", classes}};
  body["class_losses"] = json::array();
  for (const auto& c : e.losses)
    body["class_losses"].push_back(
        {{"class", c.index}, {"contour", number(c.contour)}, {"interior", number(c.interior)}});
  return body;
}

json write(const Parameters& e) {
  json body = head("parameters", e.at);
  body["changes"] = e.changes;
  return body;
}

json write(const Checkpoint& e) {
  json body = head("checkpoint", e.at);
  body["file"] = e.file;
  return body;
}

json write(const Preview& e) {
  json body = head("preview", e.at);
  body["case"] = e.case_id;
  body["file"] = e.file;
  return body;
}

json write(const Warning& e) {
  json body = head("warning", e.at);
  body["text"] = e.text;
  return body;
}

json write(const State& e) {
  json body = head("state", e.at);
  body["state"] = e.state;
  body["text"] = e.text;
  return body;
}

json write(const Progress& e) {
  json body = head("progress", e.at);
  body["what"] = e.what;
  body["done"] = e.done;
  body["all"] = e.all;
  return body;
}

json write(const Ended& e) {
  json body = head("ended", e.at);
  body["reason"] = e.reason;
  body["text"] = e.text;
  body["mean_dsc"] = number(e.mean_dsc);
  body["best_epoch"] = e.best_epoch;
  return body;
}

Started readStarted(const json& body) {
  Started e{momentIn(body), body.value("config", json::object()),
            body.value("steps_per_epoch", std::int64_t{0}), body.value("epochs", 0),
            body.value("resumed_from", std::int64_t{0})};
  const json memory = body.value("memory", json::object());
  e.memory_needed = numberAt(memory, "needed");
  e.memory_left = numberAt(memory, "left");
  return e;
}

Step readStep(const json& body) {
  Step e{momentIn(body), numberAt(body, "seconds"), numberAt(body, "learning_rate")};
  e.gradient_norm = numberAt(body, "gradient_norm");
  e.patches = body.value("patches", 0);
  for (const auto& [name, value] : body.at("loss").items()) {
    if (name == "total")
      e.loss = numberAt(body["loss"], "total");
    else
      e.terms.emplace_back(name, value.is_number() ? value.get<double>() : std::nan(""));
  }
  return e;
}

Epoch readEpoch(const json& body) {
  Epoch e{momentIn(body), numberAt(body, "seconds"), numberAt(body, "loss")};
  e.best = body.value("best", false);
  e.waited = numberAt(body, "waited");
  const auto& validation = body.at("validation");
  e.mean_dsc = numberAt(validation, "mean_dsc");
  for (const auto& c : validation.at("classes"))
    e.classes.push_back({c.at("class").get<int>(), c.value("name", ""), numberAt(c, "dsc")});
  for (const auto& c : body.value("class_losses", json::array()))
    e.losses.push_back({c.at("class").get<int>(), numberAt(c, "contour"), numberAt(c, "interior")});
  return e;
}

std::optional<Event> read(const std::string& name, const json& body) {
  const Moment at = momentIn(body);
  if (name == "started") return readStarted(body);
  if (name == "step") return readStep(body);
  if (name == "epoch") return readEpoch(body);
  if (name == "parameters") return Parameters{at, body.at("changes")};
  if (name == "checkpoint") return Checkpoint{at, body.value("file", "")};
  if (name == "preview") return Preview{at, body.value("case", ""), body.value("file", "")};
  if (name == "warning") return Warning{at, body.value("text", "")};
  if (name == "state") return State{at, body.at("state").get<std::string>(), body.value("text", "")};
  if (name == "progress")
    return Progress{at, body.value("what", ""), body.value("done", std::int64_t{0}),
                    body.value("all", std::int64_t{0})};
  if (name == "ended")
    return Ended{at, body.value("reason", ""), body.value("text", ""), numberAt(body, "mean_dsc"),
                 body.value("best_epoch", 0)};
  return std::nullopt;
}

}  // namespace

json toJson(const Event& event) {
  return std::visit([](const auto& e) { return write(e); }, event);
}

std::optional<Event> parseEvent(const json& body) {
  try {
    return read(body.at("event").get<std::string>(), body);
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

bool isRecorded(const Event& event) {
  if (const auto* state = std::get_if<State>(&event))
    return state->state == "running" || state->state == "paused";
  return !std::holds_alternative<Progress>(event);
}

const Moment& momentOf(const Event& event) {
  return std::visit([](const auto& e) -> const Moment& { return e.at; }, event);
}

}  // namespace rind::messages
