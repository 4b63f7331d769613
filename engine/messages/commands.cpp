#include "rind/messages/commands.h"

#include <array>

#include "rind/core/error.h"

namespace rind::messages {
namespace {

using nlohmann::json;

json write(const Hello& c) {
  return {{"command", "hello"}, {"version", c.version}};
}
json write(const Start& c) {
  return {{"command", "start"},
          {"config", c.config},
          {"run", c.run},
          {"resume", c.resume},
          {"or_next", c.or_next}};
}
json write(const Pause&) {
  return {{"command", "pause"}};
}
json write(const Resume&) {
  return {{"command", "resume"}};
}
json write(const Stop&) {
  return {{"command", "stop"}};
}
json write(const Set& c) {
  return {{"command", "set"}, {"changes", c.changes}};
}
json write(const Export& c) {
  return {{"command", "export"}, {"run", c.run}, {"format", c.format}, {"path", c.path}};
}
json write(const Probe& c) {
  return {{"command", "probe"},
          {"config", c.config},
          {"case", c.case_id},
          {"run", c.run},
          {"centre", {c.centre.z, c.centre.y, c.centre.x}},
          {"heat_loss", c.heat_loss},
          {"fresh", c.fresh}};
}
json write(const Shutdown&) {
  return {{"command", "shutdown"}};
}

Command read(const std::string& name, const json& body) {
  if (name == "hello") return Hello{body.value("version", 0)};
  if (name == "start")
    return Start{body.at("config"), body.at("run").get<std::string>(), body.value("resume", false),
                 body.value("or_next", false)};
  if (name == "pause") return Pause{};
  if (name == "resume") return Resume{};
  if (name == "stop") return Stop{};
  if (name == "set") return Set{body.at("changes")};
  if (name == "export")
    return Export{body.at("run").get<std::string>(), body.value("format", "torchscript"),
                  body.at("path").get<std::string>()};
  if (name == "probe") {
    const auto centre = body.at("centre").get<std::array<std::int64_t, 3>>();
    return Probe{body.at("config"),           body.at("case").get<std::string>(),
                 body.value("run", ""),       {centre[0], centre[1], centre[2]},
                 body.value("heat_loss", ""), body.value("fresh", true)};
  }
  if (name == "shutdown") return Shutdown{};
  throw core::InputError("command", "\"" + name + "\" is not known to this worker",
                         "use a workbench of the same version");
}

}  // namespace

json toJson(const NumberedCommand& command) {
  json body = std::visit([](const auto& c) { return write(c); }, command.command);
  body["id"] = command.id;
  return body;
}

NumberedCommand parseCommand(const json& body) {
  try {
    return {body.at("id").get<std::int64_t>(), read(body.at("command").get<std::string>(), body)};
  } catch (const json::exception&) {
    throw core::InputError("command", "lacks a field or has one of the wrong type",
                           "send an id, a command and what that command needs");
  }
}

json toJson(const Reply& reply) {
  json body = reply.result;
  body["reply"] = reply.id;
  body["ok"] = reply.ok;
  if (!reply.ok) body["error"] = reply.error;
  return body;
}

std::optional<Reply> parseReply(const json& body) {
  const auto id = body.find("reply");
  if (id == body.end() || !id->is_number_integer()) return std::nullopt;
  const auto ok = body.find("ok");
  const auto error = body.find("error");
  return Reply{id->get<std::int64_t>(), ok != body.end() && ok->is_boolean() && ok->get<bool>(),
               error != body.end() && error->is_string() ? error->get<std::string>() : "", body};
}

}  // namespace rind::messages
