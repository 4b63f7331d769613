#include <nlohmann/json.hpp>

#include "fuzzed.h"
#include "rind/core/preprocessing.h"
#include "rind/core/run_config.h"
#include "rind/core/settings.h"

namespace {

using namespace rind;
using nlohmann::json;

/// `read` works or refuses as for a file that is no sense.
template <class Read>
void tryToRead(Read read) {
  try {
    read();
  } catch (const core::InputError& error) {
    fuzz::require(!error.where().empty() && !error.problem().empty(), "it says which setting");
  } catch (const json::exception&) {  // of the wrong type: told by whoever knows the file's name
  }
}

}  // namespace

/// run.json's "config" and "preprocessing", and --config.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const json content = json::parse(data, data + size, nullptr, false);
  tryToRead([&] {
    core::RunConfig config;
    core::applySettings(config, content);
    const json written = config;
    fuzz::require(written.get<core::RunConfig>() == config, "a configuration comes back");
  });
  tryToRead([&] { content.get<core::RunConfig>(); });
  tryToRead([&] {
    const auto preprocessing = content.get<core::Preprocessing>();
    fuzz::require(json(preprocessing).get<core::Preprocessing>() == preprocessing,
                  "preprocessing comes back");
  });
  return 0;
}
