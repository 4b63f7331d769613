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
  if (!oneOf(config.schedule, {"paper", "cosine", "polynomial", "constant"}))
    throw InputError("--schedule", "\"" + config.schedule + "\" is not a schedule",
                     "choose paper, cosine, polynomial or constant");
  if (!oneOf(config.protocol, {"auto", "amos", "brats"}))
    throw InputError("--protocol", "\"" + config.protocol + "\" is not a protocol",
                     "choose auto, amos or brats");
  if (!oneOf(config.optimiser, {"adam", "adamw", "sgd"}))
    throw InputError("--optimiser", "\"" + config.optimiser + "\" is not an optimiser",
                     "choose adam, adamw or sgd");
  if (!oneOf(config.out_of_memory, {"stop", "continue"}))
    throw InputError("--out-of-memory", "\"" + config.out_of_memory + "\" is not known",
                     "choose stop or continue");
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

namespace {

void requireShare(double value, const std::string& option) {
  require(value >= 0 && value <= 1, option, std::to_string(value), "give 0 to 1");
}

void requireOptimisation(const RunConfig& config) {
  require(std::isfinite(config.learning_rate) && config.learning_rate > 0, "--lr",
          std::to_string(config.learning_rate), "give a positive number such as 3e-4");
  require(std::isfinite(config.weight_decay) && config.weight_decay >= 0, "--weight-decay",
          std::to_string(config.weight_decay), "give 0 or more");
  require(config.momentum >= 0 && config.momentum < 1, "--momentum", std::to_string(config.momentum),
          "give at least 0 and less than 1");
  require(config.accumulate >= 1 && config.accumulate <= 1024, "--accumulate",
          std::to_string(config.accumulate), "give 1 to 1024");
  if (config.warm_up) requireShare(*config.warm_up, "--warm-up");
  require(std::isfinite(config.clip) && config.clip >= 0, "--clip", std::to_string(config.clip),
          "give 0 (off) or more");
  require(config.average >= 0 && config.average < 1, "--average", std::to_string(config.average),
          "give 0 (off) or a decay such as 0.999");
}

}  // namespace

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
  requireOptimisation(config);
  requireShare(config.rotate, "--rotate");
  requireShare(config.flip, "--flip");
  requireShare(config.scale, "--scale");
  requireShare(config.intensity, "--intensity");
  requireShare(config.foreground, "--foreground");
  require(config.patience >= 0, "--patience", std::to_string(config.patience), "give 0 (never) or more");
  require(config.checkpoint_seconds >= 0, "--checkpoint-seconds", std::to_string(config.checkpoint_seconds),
          "give 0 or more");
  require(config.validation >= 0 && config.validation < 1, "--validation", std::to_string(config.validation),
          "give a share of at least 0 and less than 1");
  require(config.threads >= 0 && config.threads <= 4096, "--threads", std::to_string(config.threads),
          "give 0 to 4096");
}

}  // namespace rind::core
