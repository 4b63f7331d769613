#include "rind/messages/probe_reply.h"

#include <array>

#include "rind/core/error.h"

namespace rind::messages {
namespace {

using nlohmann::json;

json write(const ProbedLoss& loss) {
  json body = {{"loss", loss.loss}, {"value", loss.value}};
  for (const auto& [name, value] : loss.terms) body["terms"].push_back({name, value});
  for (const auto& c : loss.classes)
    body["classes"].push_back({c.contour, c.interior, c.gradient_contour, c.gradient_interior});
  return body;
}

ProbedLoss readLoss(const json& body) {
  ProbedLoss loss{body.at("loss").get<std::string>(), body.at("value").get<double>()};
  for (const auto& term : body.value("terms", json::array()))
    loss.terms.emplace_back(term.at(0).get<std::string>(), term.at(1).get<double>());
  for (const auto& c : body.value("classes", json::array())) {
    const auto parts = c.get<std::array<double, 4>>();
    loss.classes.push_back({parts[0], parts[1], parts[2], parts[3]});
  }
  return loss;
}

core::Index3 readIndex(const json& body) {
  const auto at = body.get<std::array<std::int64_t, 3>>();
  return {at[0], at[1], at[2]};
}

}  // namespace

json toJson(const ProbeReply& reply) {
  json body = {{"weights", reply.weights},
               {"step", reply.step},
               {"epoch", reply.epoch},
               {"start", {reply.start.z, reply.start.y, reply.start.x}},
               {"size", {reply.size.z, reply.size.y, reply.size.x}},
               {"heat_loss", reply.heat_loss},
               {"largest", reply.largest},
               {"seconds", reply.seconds}};
  for (const auto& loss : reply.losses) body["losses"].push_back(write(loss));
  return body;
}

ProbeReply parseProbeReply(const json& body) {
  try {
    ProbeReply reply;
    reply.weights = body.at("weights").get<std::string>();
    reply.step = body.value("step", std::int64_t{0});
    reply.epoch = body.value("epoch", 0);
    reply.start = readIndex(body.at("start"));
    reply.size = readIndex(body.at("size"));
    reply.heat_loss = body.value("heat_loss", "");
    reply.largest = body.value("largest", 0.0);
    reply.seconds = body.value("seconds", 0.0);
    for (const auto& loss : body.at("losses")) reply.losses.push_back(readLoss(loss));
    return reply;
  } catch (const json::exception&) {
    throw core::InputError("probe", "the engine's answer lacks what this workbench needs",
                           "use a worker of the same version");
  }
}

}  // namespace rind::messages
