#include "rind/core/contour_settings.h"

#include <charconv>
#include <sstream>

#include "rind/core/error.h"

namespace rind::core {

void validate(const ContourSettings& settings) {
  const auto kernel = std::to_string(settings.kernel);
  if (settings.kernel < 1)
    throw InputError("--kernel", "a kernel of " + kernel + " voxels cannot erode",
                     "give an odd size of at least 1");
  if (settings.kernel % 2 == 0)
    throw InputError("--kernel", "the kernel " + kernel + " is even, so it has no centre voxel",
                     "give an odd size such as " + std::to_string(settings.kernel + 1));
  if (settings.iterations < 1)
    throw InputError("--iterations", std::to_string(settings.iterations) + " erosions leave no contour",
                     "give at least 1");
  if (settings.iterations > 10000 || settings.kernel > 10001)
    throw InputError("--iterations", "such a thick band would hold any volume whole", "give at most 10000");
  const auto& adaptive = settings.adaptive;
  if (adaptive.rule != AdaptiveRule::off && !(adaptive.value > 0 && adaptive.value <= 1))
    throw InputError("--adaptive", toString(adaptive) + " is outside (0, 1]",
                     "give share:Q or inradius:F with a fraction, for example share:0.5");
}

Adaptive parseAdaptive(const std::string& text) {
  if (text == "off") return {};
  const auto colon = text.find(':');
  const std::string rule = text.substr(0, colon);
  Adaptive adaptive;
  if (rule == "share") adaptive.rule = AdaptiveRule::share;
  if (rule == "inradius") adaptive.rule = AdaptiveRule::inradius;
  if (colon != std::string::npos && adaptive.rule != AdaptiveRule::off) {
    const char* const end = text.data() + text.size();
    const auto [next, status] = std::from_chars(text.data() + colon + 1, end, adaptive.value);
    if (status == std::errc() && next == end) return adaptive;
  }
  throw InputError("--adaptive", "\"" + text + "\" is not a rule", "write off, share:Q or inradius:F");
}

std::string toString(const Adaptive& adaptive) {
  if (adaptive.rule == AdaptiveRule::off) return "off";
  std::ostringstream text;
  text.precision(17);
  text << (adaptive.rule == AdaptiveRule::share ? "share:" : "inradius:") << adaptive.value;
  return text.str();
}

Border parseBorder(const std::string& text) {
  if (text == "zero") return Border::zero;
  if (text == "replicate") return Border::replicate;
  throw InputError("--border", "\"" + text + "\" is not a border", "write zero or replicate");
}

std::string toString(Border border) {
  return border == Border::zero ? "zero" : "replicate";
}

}  // namespace rind::core
