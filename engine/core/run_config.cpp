#include "rind/core/run_config.h"

#include <cmath>

#include "rind/core/error.h"
#include "rind/core/settings.h"

namespace rind::core {
namespace {

void require(bool holds, const std::string& option, const std::string& value, const std::string& remedy) {
  if (!holds) throw InputError(option, value + " is out of range", remedy);
}

bool oneOf(const std::string& value, std::initializer_list<const char*> choices) {
  for (const char* choice : choices)
    if (value == choice) return true;
  return false;
}

bool isDevice(const std::string& device) {
  if (oneOf(device, {"auto", "cpu", "cuda"})) return true;
  return device.rfind("cuda:", 0) == 0 && device.size() > 5 &&
         device.find_first_not_of("0123456789", 5) == std::string::npos;
}

void requireChoices(const RunConfig& config) {
  if (!oneOf(config.network, {"unet", "vnet", "deeplabv3", "unetr"}))
    throw InputError("--network", "\"" + config.network + "\" is not a network",
                     "choose unet, vnet, deeplabv3 or unetr");
  if (!oneOf(config.schedule, {"paper", "cosine", "constant"}))
    throw InputError("--schedule", "\"" + config.schedule + "\" is not a schedule",
                     "choose paper, cosine or constant");
  if (!oneOf(config.protocol, {"auto", "amos", "brats"}))
    throw InputError("--protocol", "\"" + config.protocol + "\" is not a protocol",
                     "choose auto, amos or brats");
  if (!oneOf(config.precision, {"auto", "fp32", "bf16"}))
    throw InputError("--precision", "\"" + config.precision + "\" is not a precision",
                     "choose auto, fp32 or bf16");
  if (!isDevice(config.device))
    throw InputError("--device", "\"" + config.device + "\" is not a device",
                     "choose auto, cpu, cuda or cuda:0");
}

}  // namespace

void to_json(nlohmann::json& json, const RunConfig& config) {
  json = nlohmann::json::object();
  for (const auto& entry : settings()) json[entry.key] = entry.write(config);
}

void from_json(const nlohmann::json& json, RunConfig& config) {
  config = {};
  for (const auto& entry : settings())
    if (const auto at = json.find(entry.key); at != json.end()) entry.read(config, *at);
  validate(config);
}

void validate(const RunConfig& config) {
  validate(config.contour);
  validate(config.loss);
  requireChoices(config);
  require(config.base_channels >= 1 && config.base_channels <= 512, "--base-channels",
          std::to_string(config.base_channels), "give 1 to 512");
  require(config.epochs >= 1, "--epochs", std::to_string(config.epochs), "give at least 1");
  require(config.steps >= 0, "--steps", std::to_string(config.steps), "give 0 or more");
  require(config.batch >= 1 && config.batch <= 1024, "--batch", std::to_string(config.batch),
          "give 1 to 1024");
  require(std::isfinite(config.learning_rate) && config.learning_rate > 0, "--lr",
          std::to_string(config.learning_rate), "give a positive number such as 3e-4");
  require(std::isfinite(config.weight_decay) && config.weight_decay >= 0, "--weight-decay",
          std::to_string(config.weight_decay), "give 0 or more");
  require(config.rotate >= 0 && config.rotate <= 1, "--rotate", std::to_string(config.rotate), "give 0 to 1");
  require(config.flip >= 0 && config.flip <= 1, "--flip", std::to_string(config.flip), "give 0 to 1");
  require(config.validation >= 0 && config.validation < 1, "--validation", std::to_string(config.validation),
          "give a share of at least 0 and less than 1");
  require(config.threads >= 0 && config.threads <= 4096, "--threads", std::to_string(config.threads),
          "give 0 to 4096");
}

}  // namespace rind::core
