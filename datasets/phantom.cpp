#include "rind/datasets/phantom.h"

#include <charconv>

#include "rind/core/error.h"
#include "rind/datasets/layouts.h"
#include "rind/datasets/phantom_scene.h"

namespace rind::datasets {
namespace {

const std::vector<std::pair<int, std::string>>& amosNames() {
  static const std::vector<std::pair<int, std::string>> names = {{0, "background"},
                                                                 {1, "spleen"},
                                                                 {2, "right kidney"},
                                                                 {3, "left kidney"},
                                                                 {4, "gall bladder"},
                                                                 {5, "esophagus"},
                                                                 {6, "liver"},
                                                                 {7, "stomach"},
                                                                 {8, "aorta"},
                                                                 {9, "postcava"},
                                                                 {10, "pancreas"},
                                                                 {11, "right adrenal gland"},
                                                                 {12, "left adrenal gland"},
                                                                 {13, "duodenum"},
                                                                 {14, "bladder"},
                                                                 {15, "prostate/uterus"}};
  return names;
}

std::uint64_t wholeNumber(const std::string& text, const std::string& where, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most)
    throw core::InputError(where, "\"" + text + "\" is no whole number up to " + std::to_string(most),
                           "as in phantom:amos,cases=24,size=48x64x64,seed=1");
  return value;
}

void applyOption(PhantomSettings& settings, const std::string& option, const std::string& where) {
  const auto equals = option.find('=');
  const std::string key = option.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
  if (key == "cases")
    settings.cases = static_cast<int>(wholeNumber(value, where, 10000));
  else if (key == "seed")
    settings.seed = wholeNumber(value, where, UINT64_MAX);
  else if (key == "size")
    settings.size = core::parseExtent(value, where);
  else
    throw core::InputError(where, "has an option \"" + key + "\" that is not known",
                           "use cases, size and seed, as in phantom:amos,cases=24,size=48x64x64,seed=1");
}

PhantomSettings parse(const std::string& text) {
  PhantomSettings settings;
  std::size_t at = std::string("phantom:").size();
  const auto next = [&] {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    std::string part = text.substr(at, comma - at);
    at = comma + 1;
    return part;
  };
  settings.kind = next();
  settings.size = {48, 64, 64};
  if (settings.kind != "amos" && settings.kind != "brats")
    throw core::InputError(text, "is no phantom", "use phantom:amos or phantom:brats");
  while (at < text.size()) applyOption(settings, next(), text);
  if (settings.cases < 1) throw core::InputError(text, "has no cases", "use at least 2");
  for (const auto extent : {settings.size.z, settings.size.y, settings.size.x})
    if (extent < 16 || extent > 512)
      throw core::InputError(text, "has a size of " + core::toString(settings.size),
                             "use 16 to 512 voxels along each axis");
  return settings;
}

}  // namespace

PhantomCase renderPhantom(const PhantomSettings& settings, std::uint32_t index) {
  core::RandomStream anatomy(settings.seed, core::Purpose::phantom, 0, index);
  core::RandomStream rendering(settings.seed, core::Purpose::phantom, 1, index);
  const Scene scene = settings.kind == "amos" ? abdomenScene(anatomy) : brainScene(anatomy);
  return renderScene(scene, settings.size, rendering);
}

DataSet openPhantom(const std::string& text) {
  DataSet data;
  data.phantom = parse(text);
  data.layout = "phantom";
  data.name = "phantom:" + data.phantom->kind;
  const bool abdomen = data.phantom->kind == "amos";
  data.labels = abdomen
                    ? core::makeLabelSet(amosNames())
                    : core::makeLabelSet(
                          {{0, "background"}, {1, "necrotic core"}, {2, "edema"}, {4, "enhancing tumour"}});
  data.channels =
      abdomen ? std::vector<std::string>{"CT"} : std::vector<std::string>{"FLAIR", "T1w", "T1ce", "T2w"};
  data.preprocessing.normalisation = abdomen ? core::Normalisation::ct : core::Normalisation::zscore_nonzero;
  for (int i = 0; i < data.phantom->cases; ++i) {
    const std::string number = std::to_string(100000 + i + 1).substr(1);
    data.cases.push_back({"phantom_" + number.substr(data.phantom->cases < 1000 ? 2 : 0), {}, {}});
  }
  return data;
}

}  // namespace rind::datasets
