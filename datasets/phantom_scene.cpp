#include "rind/datasets/phantom_scene.h"

#include <algorithm>
#include <cmath>

namespace rind::datasets {
namespace {

constexpr std::size_t kKnots = 6;  // of the smooth fields, along each axis

double squared(double value) {
  return value * value;
}

/// A smooth field of numbers in [-1, 1] over the field of view: random knots, blended.
class SmoothField {
 public:
  SmoothField(core::RandomStream& random, const Point& field) : field_(field) {
    for (double& knot : knots_) knot = random.uniform(-1, 1);
  }

  double at(const Point& p) const {
    std::array<std::size_t, 3> cell = {};
    std::array<double, 3> t = {};
    for (std::size_t k = 0; k < 3; ++k) {
      const double along = (p[k] / field_[k] + 0.5) * static_cast<double>(kKnots - 1);
      const double inside = std::clamp(along, 0.0, static_cast<double>(kKnots - 1) - 1e-9);
      cell[k] = static_cast<std::size_t>(inside);
      const double share = inside - static_cast<double>(cell[k]);
      t[k] = share * share * (3 - 2 * share);
    }
    const auto knot = [&](std::size_t x, std::size_t y, std::size_t z) {
      return knots_[((cell[2] + z) * kKnots + cell[1] + y) * kKnots + cell[0] + x];
    };
    const auto along_x = [&](std::size_t y, std::size_t z) {
      return knot(0, y, z) + t[0] * (knot(1, y, z) - knot(0, y, z));
    };
    const auto along_y = [&](std::size_t z) {
      return along_x(0, z) + t[1] * (along_x(1, z) - along_x(0, z));
    };
    return along_y(0) + t[2] * (along_y(1) - along_y(0));
  }

 private:
  Point field_;
  std::array<double, kKnots* kKnots* kKnots> knots_ = {};
};

class Renderer {
 public:
  Renderer(const Scene& scene, const core::Extent3& size, core::RandomStream& random)
      : scene_(scene),
        size_(size),
        bend_{SmoothField(random, scene.field), SmoothField(random, scene.field),
              SmoothField(random, scene.field)},
        shade_(random, scene.field) {}

  PhantomCase draw(core::RandomStream& random) {
    PhantomCase out;
    out.geometry = geometry();
    out.channels = static_cast<int>(scene_.tissues.front().intensity.size());
    out.labels = core::LabelVolume(size_);
    const core::Volume<std::uint8_t> tissue = tissueAtCentres();
    const auto voxels = static_cast<std::size_t>(size_.voxels());
    out.image.resize(voxels * static_cast<std::size_t>(out.channels));
    std::vector<Nearby> nearby;
    forEachVoxel([&](const core::Index3& at, std::size_t i) {
      if (at.x == 0) nearby = nearRow(at.z, at.y);
      const std::uint8_t centre = tissue.voxels[i];
      const Mixture mixture = isBorder(tissue, at) ? mixtureAt(at, centre, nearby) : Mixture{centre, {}};
      out.labels.voxels[i] = labelOf(mixture);
      for (std::size_t c = 0; c < static_cast<std::size_t>(out.channels); ++c)
        out.image[c * voxels + i] = static_cast<float>(brightness(mixture, c));
    });
    for (std::size_t c = 0; c < static_cast<std::size_t>(out.channels); ++c) finish(out, c, random);
    return out;
  }

 private:
  struct Nearby {
    const Solid* solid;
    std::array<double, 2> x;  // its reach
  };
  struct Mixture {
    std::uint8_t tissue = 0;  // where `parts` is empty
    std::vector<std::uint8_t> parts;
  };

  core::Geometry geometry() const {
    core::Geometry g;
    g.size = size_;
    g.spacing = {scene_.field[2] / static_cast<double>(size_.z),
                 scene_.field[1] / static_cast<double>(size_.y),
                 scene_.field[0] / static_cast<double>(size_.x)};
    g.origin = place({0, 0, 0}, {0, 0, 0});
    return g;
  }

  template <class Work>
  void forEachVoxel(Work work) const {
    std::size_t i = 0;
    for (std::int64_t z = 0; z < size_.z; ++z)
      for (std::int64_t y = 0; y < size_.y; ++y)
        for (std::int64_t x = 0; x < size_.x; ++x) work(core::Index3{z, y, x}, i++);
  }

  /// Of a voxel's centre, moved by a share of a voxel along x, y, z.
  Point place(const core::Index3& at, const Point& shift) const {
    const auto along = [](std::int64_t index, double moved, std::int64_t count, double length) {
      return ((static_cast<double>(index) + 0.5 + moved) / static_cast<double>(count) - 0.5) * length;
    };
    return {along(at.x, shift[0], size_.x, scene_.field[0]), along(at.y, shift[1], size_.y, scene_.field[1]),
            along(at.z, shift[2], size_.z, scene_.field[2])};
  }

  std::uint8_t tissueAt(const Point& p, const std::vector<Nearby>& nearby) const {
    Point bent = p;
    for (std::size_t k = 0; k < 3; ++k) bent[k] += scene_.bending * bend_[k].at(p);
    for (const auto& [solid, x] : nearby)
      if (bent[0] >= x[0] && bent[0] <= x[1] && solid->contains(bent))
        return static_cast<std::uint8_t>(solid->tissue);
    return 0;
  }

  /// The solids that the voxels of one row can touch, last painted first.
  std::vector<Nearby> nearRow(std::int64_t z, std::int64_t y) const {
    const Point low = place({z, y, 0}, {0, -0.5, -0.5}), high = place({z, y, 0}, {0, 0.5, 0.5});
    std::vector<Nearby> nearby;
    for (auto solid = scene_.solids.rbegin(); solid != scene_.solids.rend(); ++solid) {
      const auto touches = [&](std::size_t axis) {
        const auto reach = solid->reach(axis);
        return reach[0] - scene_.bending <= high[axis] && reach[1] + scene_.bending >= low[axis];
      };
      if (touches(1) && touches(2)) nearby.push_back({&*solid, solid->reach(0)});
    }
    return nearby;
  }

  core::Volume<std::uint8_t> tissueAtCentres() const {
    core::Volume<std::uint8_t> tissue(size_);
    std::vector<Nearby> nearby;
    forEachVoxel([&](const core::Index3& at, std::size_t i) {
      if (at.x == 0) nearby = nearRow(at.z, at.y);
      tissue.voxels[i] = tissueAt(place(at, {0, 0, 0}), nearby);
    });
    return tissue;
  }

  bool isBorder(const core::Volume<std::uint8_t>& tissue, const core::Index3& at) const {
    const std::uint8_t own = tissue[at];
    for (std::int64_t z = std::max<std::int64_t>(at.z - 1, 0); z <= std::min(at.z + 1, size_.z - 1); ++z)
      for (std::int64_t y = std::max<std::int64_t>(at.y - 1, 0); y <= std::min(at.y + 1, size_.y - 1); ++y)
        for (std::int64_t x = std::max<std::int64_t>(at.x - 1, 0); x <= std::min(at.x + 1, size_.x - 1); ++x)
          if (tissue[{z, y, x}] != own) return true;
    return false;
  }

  Mixture mixtureAt(const core::Index3& at, std::uint8_t centre, const std::vector<Nearby>& nearby) const {
    Mixture mixture{centre, {}};
    for (const double z : {-0.25, 0.25})
      for (const double y : {-0.25, 0.25})
        for (const double x : {-0.25, 0.25}) mixture.parts.push_back(tissueAt(place(at, {x, y, z}), nearby));
    return mixture;
  }

  /// The label of most points; the centre's of equals.
  std::uint8_t labelOf(const Mixture& mixture) const {
    const auto label = [&](std::uint8_t tissue) { return scene_.tissues[tissue].label; };
    const auto votes = [&](std::uint8_t one) {
      return std::count_if(mixture.parts.begin(), mixture.parts.end(),
                           [&](std::uint8_t part) { return label(part) == one; });
    };
    std::uint8_t best = label(mixture.tissue);
    for (const std::uint8_t part : mixture.parts)
      if (votes(label(part)) > votes(best)) best = label(part);
    return best;
  }

  double brightness(const Mixture& mixture, std::size_t channel) const {
    const auto of = [&](std::uint8_t tissue) { return scene_.tissues[tissue].intensity[channel]; };
    if (mixture.parts.empty()) return of(mixture.tissue);
    double sum = 0;
    for (const std::uint8_t part : mixture.parts) sum += of(part);
    return sum / static_cast<double>(mixture.parts.size());
  }

  /// Blur (1 6 1)/8 along each axis, shading, noise; then whole numbers.
  void finish(PhantomCase& out, std::size_t channel, core::RandomStream& random) const {
    float* image = out.image.data() + channel * static_cast<std::size_t>(size_.voxels());
    const std::vector<float> sharp(image, image + size_.voxels());
    blur(image, size_.x, 1);
    blur(image, size_.y, size_.x);
    blur(image, size_.z, size_.x * size_.y);
    const double outside = scene_.tissues.front().intensity[channel];
    forEachVoxel([&](const core::Index3& at, std::size_t i) {
      const double noise = scene_.noise * noiseOf(random.next());
      double value = static_cast<double>(image[i]) + scene_.shading * shade_.at(place(at, {0, 0, 0})) + noise;
      if (scene_.empty_outside && static_cast<double>(sharp[i]) == outside) value = 0;
      image[i] = static_cast<float>(std::floor(value + 0.5));
    });
  }

  void blur(float* image, std::int64_t count, std::int64_t stride) const {
    std::vector<float> line(static_cast<std::size_t>(count));
    for (std::int64_t start = 0; start < size_.voxels(); ++start) {
      if (start / stride % count != 0) continue;
      float* at = image + start;
      for (std::int64_t k = 0; k < count; ++k) line[static_cast<std::size_t>(k)] = at[k * stride];
      for (std::int64_t k = 0; k < count; ++k) {
        const float before = line[static_cast<std::size_t>(std::max<std::int64_t>(k - 1, 0))];
        const float after = line[static_cast<std::size_t>(std::min(k + 1, count - 1))];
        at[k * stride] = 0.125F * before + 0.75F * line[static_cast<std::size_t>(k)] + 0.125F * after;
      }
    }
  }

  /// Nearly normal, in whole steps: the sum of four bytes less its mean, over its standard deviation.
  static double noiseOf(std::uint32_t bits) {
    const std::uint32_t sum = (bits & 255U) + (bits >> 8 & 255U) + (bits >> 16 & 255U) + (bits >> 24);
    return (static_cast<double>(sum) - 510) / 147.80;
  }

  const Scene& scene_;
  core::Extent3 size_;
  std::array<SmoothField, 3> bend_;
  SmoothField shade_;
};

}  // namespace

bool Solid::contains(const Point& p) const {
  if (radii[0] > 0)
    return squared((p[0] - a[0]) / radii[0]) + squared((p[1] - a[1]) / radii[1]) +
               squared((p[2] - a[2]) / radii[2]) <=
           1;
  double along = 0, length = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    along += (p[k] - a[k]) * (b[k] - a[k]);
    length += squared(b[k] - a[k]);
  }
  const double t = std::clamp(along / length, 0.0, 1.0);
  double distance = 0;
  for (std::size_t k = 0; k < 3; ++k) distance += squared(p[k] - a[k] - t * (b[k] - a[k]));
  return distance <= squared(radius_a + t * (radius_b - radius_a));
}

std::array<double, 2> Solid::reach(std::size_t axis) const {
  if (radii[0] > 0) return {a[axis] - radii[axis], a[axis] + radii[axis]};
  return {std::min(a[axis] - radius_a, b[axis] - radius_b), std::max(a[axis] + radius_a, b[axis] + radius_b)};
}

void addTube(Scene& scene, int tissue, const std::vector<Point>& points, double first, double last) {
  const double pieces = static_cast<double>(points.size() - 1);
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const auto radius = [&](std::size_t at) {
      return first + (last - first) * static_cast<double>(at) / pieces;
    };
    scene.solids.push_back({tissue, points[i], points[i + 1], {}, radius(i), radius(i + 1)});
  }
}

PhantomCase renderScene(const Scene& scene, const core::Extent3& size, core::RandomStream& random) {
  Renderer renderer(scene, size, random);
  return renderer.draw(random);
}

}  // namespace rind::datasets
