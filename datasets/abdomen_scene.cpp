#include "rind/datasets/phantom_scene.h"

namespace rind::datasets {
namespace {

// Tissues 1 to 15 are the organs with AMOS's numbers; then what lies around them.
enum : int {
  kAir = 0,
  kOrgans = 15,
  kFat,
  kMuscle,
  kBone,
  kLung,
  kBowel,
  kBowelGas,
  kMedulla,
  kMedullaLeft,
  kStomachGas,
  kTissues
};

/// CT numbers of a portal-venous scan, in HU.
struct Brightness {
  int tissue;
  std::uint8_t label;
  double hounsfield;
  double spread;  // from case to case, either way
};
constexpr std::array<Brightness, kTissues> kBrightness = {{
    {kAir, 0, -1000, 0},
    {1, 1, 118, 14},
    {2, 2, 185, 22},
    {3, 3, 185, 22},
    {4, 4, 12, 8},
    {5, 5, 48, 10},
    {6, 6, 108, 16},
    {7, 7, 42, 14},
    {8, 8, 165, 28},
    {9, 9, 142, 26},
    {10, 10, 88, 14},
    {11, 11, 72, 10},
    {12, 12, 72, 10},
    {13, 13, 54, 12},
    {14, 14, 6, 6},
    {15, 15, 66, 12},
    {kFat, 0, -98, 8},
    {kMuscle, 0, 56, 8},
    {kBone, 0, 320, 60},
    {kLung, 0, -840, 30},
    {kBowel, 0, 40, 24},
    {kBowelGas, 0, -620, 90},
    {kMedulla, 2, 128, 20},
    {kMedullaLeft, 3, 128, 20},
    {kStomachGas, 7, -560, 90},
}};

/// Moves and scales one patient's organs: the whole body, then each organ by itself.
class Patient {
 public:
  Patient(Scene& scene, core::RandomStream& random) : scene_(scene), random_(random) {
    for (double& scale : body_) scale = random.uniform(0.92, 1.06);
    for (double& shift : shift_) shift = random.uniform(-5, 5);
  }

  void ellipsoid(int tissue, const Point& centre, const Point& radii, double jitter = 5) {
    Solid solid{tissue, placed(centre, moved(jitter))};
    for (std::size_t k = 0; k < 3; ++k) solid.radii[k] = radii[k] * body_[k] * random_.uniform(0.88, 1.12);
    scene_.solids.push_back(solid);
  }

  void tube(int tissue, const std::vector<Point>& points, double first, double last, double jitter = 3) {
    const Point shift = moved(jitter);
    const double size = random_.uniform(0.92, 1.1);
    std::vector<Point> course;
    course.reserve(points.size());
    for (const auto& point : points) course.push_back(placed(point, shift));
    addTube(scene_, tissue, course, first * size, last * size);
  }

  /// A smaller ellipsoid in the last one, moved within it by a share of its radii.
  void core(int tissue, double size, const Point& offset) {
    Solid solid = scene_.solids.back();
    solid.tissue = tissue;
    for (std::size_t k = 0; k < 3; ++k) {
      solid.a[k] += offset[k] * solid.radii[k];
      solid.radii[k] *= size;
    }
    scene_.solids.push_back(solid);
  }

 private:
  Point moved(double jitter) {
    Point shift;
    for (double& s : shift) s = random_.uniform(-jitter, jitter);
    return shift;
  }
  Point placed(const Point& point, const Point& shift) const {
    Point out;
    for (std::size_t k = 0; k < 3; ++k) out[k] = point[k] * body_[k] + shift_[k] + shift[k];
    return out;
  }

  Scene& scene_;
  core::RandomStream& random_;
  Point body_ = {};
  Point shift_ = {};
};

void addBowel(Patient& patient, core::RandomStream& random) {
  for (int loop = 0; loop < 9; ++loop) {
    const Point from = {random.uniform(-85, 85), random.uniform(-62, 15), random.uniform(-72, -18)};
    const Point to = {from[0] + random.uniform(-45, 45), from[1] + random.uniform(-20, 20),
                      from[2] + random.uniform(-25, 25)};
    patient.tube(random.uniform() < 0.3 ? kBowelGas : kBowel, {from, to}, 11, 11);
  }
}

void addSurroundings(Patient& patient, core::RandomStream& random) {
  patient.ellipsoid(kFat, {0, 5, 0}, {148, 108, 600}, 0);
  patient.ellipsoid(kMuscle, {0, 5, 0}, {134, 95, 600}, 0);
  patient.ellipsoid(kFat, {0, 0, 0}, {122, 84, 600}, 0);
  patient.ellipsoid(kLung, {-62, 5, 128}, {52, 66, 42});
  patient.ellipsoid(kLung, {62, 5, 128}, {52, 66, 46});
  addBowel(patient, random);
  patient.tube(kMuscle, {{-34, 62, 0}, {-58, 40, -100}}, 13, 18);  // psoas
  patient.tube(kMuscle, {{34, 62, 0}, {58, 40, -100}}, 13, 18);
  patient.tube(kBone, {{0, 66, 130}, {0, 60, 0}, {0, 70, -130}}, 19, 22);  // spine
  patient.ellipsoid(kBone, {-92, 32, -112}, {22, 40, 34});                 // pelvis
  patient.ellipsoid(kBone, {92, 32, -112}, {22, 40, 34});
}

/// Later organs are painted over earlier ones: large ones first.
void addOrgans(Patient& patient) {
  patient.ellipsoid(6, {-58, -6, 48}, {62, 66, 50});  // liver, right lobe
  patient.ellipsoid(6, {8, -44, 62}, {54, 30, 24});   // and left
  patient.ellipsoid(1, {92, 34, 56}, {26, 40, 34});   // spleen
  patient.ellipsoid(7, {58, -22, 52}, {34, 34, 34});  // stomach
  patient.core(kStomachGas, 0.5, {0, -0.4, 0.2});
  patient.tube(7, {{52, -30, 34}, {18, -42, 16}}, 19, 14);
  patient.ellipsoid(2, {-62, 48, -4}, {26, 24, 44});  // kidneys
  patient.core(kMedulla, 0.55, {0.2, 0, 0});
  patient.ellipsoid(3, {64, 48, 6}, {26, 24, 44});
  patient.core(kMedullaLeft, 0.55, {-0.2, 0, 0});
  patient.ellipsoid(14, {0, -26, -88}, {38, 32, 24});  // bladder
  patient.ellipsoid(15, {0, 16, -98}, {23, 18, 17});   // prostate/uterus
  patient.tube(13, {{-12, -32, 10}, {-42, -18, 4}, {-44, 6, -22}, {-6, 16, -32}, {24, 8, -20}}, 11,
               9);                                                                   // duodenum
  patient.tube(10, {{-26, -2, 2}, {4, -8, 16}, {40, 10, 28}, {68, 24, 38}}, 14, 8);  // pancreas
  patient.ellipsoid(4, {-44, -54, 8}, {13, 18, 20});                                 // gall bladder
  patient.tube(8, {{14, 34, 125}, {11, 34, 40}, {4, 36, -48}}, 11, 9);               // aorta
  patient.tube(9, {{-22, 26, 92}, {-20, 32, 20}, {-17, 37, -50}}, 12, 11);           // postcava
  patient.tube(5, {{4, 22, 125}, {8, 16, 96}, {26, 0, 78}}, 8, 9);                   // esophagus
}

/// Two limbs each, thin: the hardest organs.
void addAdrenals(Patient& patient) {
  patient.tube(11, {{-38, 40, 66}, {-37, 45, 54}, {-46, 50, 42}}, 5.8, 5.2, 2);
  patient.tube(11, {{-37, 45, 54}, {-30, 52, 42}}, 5.6, 5.2, 2);
  patient.tube(12, {{38, 36, 68}, {38, 42, 56}, {47, 47, 44}}, 5.8, 5.2, 2);
  patient.tube(12, {{38, 42, 56}, {31, 49, 44}}, 5.6, 5.2, 2);
}

}  // namespace

Scene abdomenScene(core::RandomStream& random) {
  Scene scene;
  scene.field = {320, 320, 240};
  for (const auto& tissue : kBrightness)
    scene.tissues.push_back({tissue.label, {tissue.hounsfield + random.uniform(-1, 1) * tissue.spread}});
  scene.noise = random.uniform(18, 30);
  scene.shading = 12;
  scene.bending = 6;
  Patient patient(scene, random);
  addSurroundings(patient, random);
  addOrgans(patient);
  addAdrenals(patient);
  return scene;
}

}  // namespace rind::datasets
