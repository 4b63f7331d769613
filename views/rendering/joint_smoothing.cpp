#include "rind/rendering/joint_smoothing.h"

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkPoints.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <thread>

namespace rind::rendering {
namespace {

using Point = std::array<float, 3>;

// Points of fewer than this a thread are not worth one.
constexpr std::size_t kPointsAThread = 4000;

float* pointsOf(vtkPolyData& surface) {
  return static_cast<float*>(surface.GetPoints()->GetVoidPointer(0));
}

/// Numbers for places, in the order in which they are first asked for.
class Places {
 public:
  explicit Places(std::size_t most) : slots_(std::bit_ceil(2 * most + 2)) {}

  std::uint32_t numberOf(const float* point) {
    std::uint64_t key = 1;  // 21 bits for each coordinate in half voxels
    for (int k = 0; k < 3; ++k)
      key = key << 21 | static_cast<std::uint64_t>(static_cast<std::int64_t>(std::lround(2 * point[k])) + 2);
    std::size_t at = (key * 0x9E3779B97F4A7C15ULL) >> 20;
    while (true) {
      auto& slot = slots_[at++ & (slots_.size() - 1)];
      if (slot.key == key) return slot.number;
      if (slot.key != 0) continue;
      slot = {key, count_};
      return count_++;
    }
  }
  std::uint32_t count() const { return count_; }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t number = 0;
  };
  std::vector<Slot> slots_;
  std::uint32_t count_ = 0;
};

/// The points of all surfaces, each place once, with its neighbours.
struct Net {
  std::vector<std::vector<std::uint32_t>> numbers;  // by surface, by its point
  std::vector<Point> points;
  std::vector<std::uint32_t> first;  // of a point's neighbours; one more at the end
  std::vector<std::uint32_t> neighbours;
};

template <class Visit>
void forEachEdge(vtkPolyData& surface, const std::vector<std::uint32_t>& numbers, Visit visit) {
  auto* cells = surface.GetPolys();
  vtkIdType count = 0;
  const vtkIdType* corners = nullptr;
  for (vtkIdType t = 0; t < cells->GetNumberOfCells(); ++t) {
    cells->GetCellAtId(t, count, corners);
    for (vtkIdType k = 0; k < count; ++k)
      visit(numbers[static_cast<std::size_t>(corners[k])],
            numbers[static_cast<std::size_t>(corners[(k + 1) % count])]);
  }
}

// Along each edge of a closed surface one triangle goes in each direction, so that a point's edges to other
// points name all its neighbours once, or twice where two surfaces touch.
Net netOf(const std::vector<vtkSmartPointer<vtkPolyData>>& surfaces) {
  Net net;
  std::size_t most = 0;
  for (const auto& surface : surfaces) most += static_cast<std::size_t>(surface->GetNumberOfPoints());
  Places places(most);
  net.points.resize(most);
  for (const auto& surface : surfaces) {
    auto& numbers = net.numbers.emplace_back(static_cast<std::size_t>(surface->GetNumberOfPoints()));
    const float* point = pointsOf(*surface);
    for (auto& number : numbers) {
      number = places.numberOf(point);
      net.points[number] = {point[0], point[1], point[2]};
      point += 3;
    }
  }
  net.points.resize(places.count());
  net.first.assign(net.points.size() + 1, 0);
  for (std::size_t i = 0; i < surfaces.size(); ++i)
    forEachEdge(*surfaces[i], net.numbers[i],
                [&](std::uint32_t from, std::uint32_t) { ++net.first[from + 1]; });
  for (std::size_t i = 1; i < net.first.size(); ++i) net.first[i] += net.first[i - 1];
  net.neighbours.resize(net.first.back());
  std::vector<std::uint32_t> next(net.first.begin(), net.first.end() - 1);
  for (std::size_t i = 0; i < surfaces.size(); ++i)
    forEachEdge(*surfaces[i], net.numbers[i],
                [&](std::uint32_t from, std::uint32_t to) { net.neighbours[next[from]++] = to; });
  return net;
}

/// Of the Chebyshev polynomials that make up the low pass: an ideal one, cut off at an angle that lets pass
/// what waves over some ten voxels, under Hamming's window. They add up to 1, so that nothing is moved as a
/// whole.
std::vector<float> lowPass(int iterations) {
  const double cut = 0.35 + 4.0 / (iterations + 1);
  std::vector<float> weights;
  double sum = 0;
  for (int i = 0; i <= iterations; ++i) {
    const double window = 0.54 + 0.46 * std::cos(i * std::numbers::pi / (iterations + 1));
    const double ideal = i == 0 ? cut / std::numbers::pi : 2 * std::sin(i * cut) / (i * std::numbers::pi);
    weights.push_back(static_cast<float>(window * ideal));
    sum += weights.back();
  }
  for (float& weight : weights) weight /= static_cast<float>(sum);
  return weights;
}

/// A point and the mean of its neighbours, half each.
Point halfWay(const Net& net, const std::vector<Point>& points, std::size_t i) {
  const std::uint32_t begin = net.first[i];
  const std::uint32_t end = net.first[i + 1];
  if (begin == end) return points[i];
  Point sum = {};
  for (std::uint32_t n = begin; n < end; ++n)
    for (std::size_t k = 0; k < 3; ++k) sum[k] += points[net.neighbours[n]][k];
  const float share = 0.5F / static_cast<float>(end - begin);
  for (std::size_t k = 0; k < 3; ++k) sum[k] = 0.5F * points[i][k] + share * sum[k];
  return sum;
}

/// T₀ = x, T₁ = (I − K/2) x, Tₙ₊₁ = 2 (I − K/2) Tₙ − Tₙ₋₁, and their weighted sum.
std::vector<Point> smoothed(const Net& net, int iterations, const std::atomic<bool>& cancel) {
  const std::size_t count = net.points.size();
  const auto weights = lowPass(iterations);
  std::vector<Point> sum(count);
  std::array<std::vector<Point>, 3> terms = {net.points, std::vector<Point>(count),
                                             std::vector<Point>(count)};
  const std::size_t threads =
      std::clamp<std::size_t>(count / kPointsAThread, 1, std::max(1U, std::thread::hardware_concurrency()));
  std::barrier together(static_cast<std::ptrdiff_t>(threads));
  const auto work = [&](std::size_t part) {
    const std::size_t begin = count * part / threads;
    const std::size_t end = count * (part + 1) / threads;
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t k = 0; k < 3; ++k) sum[i][k] = weights[0] * terms[0][i][k];
    for (std::size_t n = 1; n < weights.size(); ++n) {
      const auto& last = terms[(n - 1) % 3];
      const auto& before = terms[(n + 1) % 3];  // n − 2
      auto& now = terms[n % 3];
      for (std::size_t i = begin; i < end && !cancel; ++i) {
        now[i] = halfWay(net, last, i);
        for (std::size_t k = 0; k < 3; ++k) {
          if (n > 1) now[i][k] = 2 * now[i][k] - before[i][k];
          sum[i][k] += weights[n] * now[i][k];
        }
      }
      together.arrive_and_wait();
    }
  };
  std::vector<std::thread> others;
  for (std::size_t part = 1; part < threads; ++part) others.emplace_back(work, part);
  work(0);
  for (auto& thread : others) thread.join();
  return sum;
}

}  // namespace

void smoothTogether(std::vector<vtkSmartPointer<vtkPolyData>> surfaces, int iterations,
                    const std::atomic<bool>& cancel) {
  std::erase(surfaces, nullptr);
  if (surfaces.empty() || cancel) return;
  const Net net = netOf(surfaces);
  const auto points = smoothed(net, iterations, cancel);
  for (std::size_t i = 0; i < surfaces.size(); ++i) {
    float* point = pointsOf(*surfaces[i]);
    for (const std::uint32_t number : net.numbers[i]) point = std::copy_n(points[number].data(), 3, point);
    surfaces[i]->GetPoints()->Modified();
  }
}

}  // namespace rind::rendering
