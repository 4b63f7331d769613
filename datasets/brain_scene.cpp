#include <cmath>

#include "rind/datasets/phantom_scene.h"

namespace rind::datasets {
namespace {

enum : int { kOutside = 0, kGrey, kWhite, kFluid, kEdema, kEnhancing, kNecrosis };

/// Brightness in FLAIR, T1w, T1ce and T2w; labels are class indices (necrotic core, edema, enhancing tumour).
struct Brightness {
  std::uint8_t label;
  std::array<double, 4> channel;
};
constexpr std::array<Brightness, 7> kBrightness = {{{0, {0, 0, 0, 0}},
                                                    {0, {420, 330, 340, 430}},
                                                    {0, {360, 430, 440, 340}},
                                                    {0, {150, 160, 165, 820}},
                                                    {2, {620, 300, 310, 620}},
                                                    {3, {560, 330, 690, 560}},
                                                    {1, {400, 230, 260, 640}}}};

Point around(const Point& centre, double reach, core::RandomStream& random) {
  Point out = centre;
  for (double& c : out) c += random.uniform(-reach, reach);
  return out;
}

Point radii(double mean, core::RandomStream& random) {
  Point out;
  for (double& r : out) r = mean * random.uniform(0.75, 1.25);
  return out;
}

void addBrain(Scene& scene, core::RandomStream& random) {
  const double size = random.uniform(0.93, 1.05);
  scene.solids.push_back({kGrey, {0, 0, 0}, {}, {66 * size, 80 * size, 62 * size}});
  scene.solids.push_back({kWhite, {0, 0, 0}, {}, {56 * size, 69 * size, 52 * size}});
  for (int fold = 0; fold < 26; ++fold) {  // grey matter reaches in
    const Point towards = around({0, 0, 0}, 1, random);
    const double length =
        std::sqrt(towards[0] * towards[0] + towards[1] * towards[1] + towards[2] * towards[2]) /
        (0.84 * size);
    scene.solids.push_back({kGrey,
                            {56 * towards[0] / length, 69 * towards[1] / length, 52 * towards[2] / length},
                            {},
                            radii(9, random)});
  }
  for (const double side : {-1.0, 1.0}) {
    addTube(scene, kFluid, {{side * 8, -26, 10}, {side * 10, 6, 14}, {side * 18, 26, 2}}, 6 * size, 5 * size);
    scene.solids.push_back({kGrey, {side * 18, 2, 2}, {}, {9, 14, 9}});  // deep grey matter
  }
}

/// Nested: edema around an enhancing rim around necrosis, all lobed.
void addTumour(Scene& scene, core::RandomStream& random) {
  const double side = random.uniform() < 0.5 ? -1 : 1;
  const Point centre = {side * random.uniform(18, 36), random.uniform(-34, 34), random.uniform(-18, 26)};
  const double size = random.uniform(11, 16);
  for (int lobe = 0; lobe < 3; ++lobe)
    scene.solids.push_back({kEdema, around(centre, 0.8 * size, random), {}, radii(1.7 * size, random)});
  std::vector<Point> centres;
  centres.reserve(2);
  for (int lobe = 0; lobe < 2; ++lobe) centres.push_back(around(centre, 0.3 * size, random));
  for (const auto& lobe : centres) scene.solids.push_back({kEnhancing, lobe, {}, {size, size, size}});
  const double inner = size - random.uniform(4.2, 5.2);
  for (const auto& lobe : centres) scene.solids.push_back({kNecrosis, lobe, {}, {inner, inner, inner}});
}

}  // namespace

Scene brainScene(core::RandomStream& random) {
  Scene scene;
  scene.field = {160, 192, 144};
  for (const auto& tissue : kBrightness) {
    Tissue out{tissue.label, {}};
    for (const double value : tissue.channel) out.intensity.push_back(value * random.uniform(0.93, 1.07));
    scene.tissues.push_back(out);
  }
  scene.noise = random.uniform(26, 40);
  scene.shading = 25;
  scene.bending = 5;
  scene.empty_outside = true;
  addBrain(scene, random);
  addTumour(scene, random);
  return scene;
}

}  // namespace rind::datasets
