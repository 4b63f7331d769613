#include "rind/metrics/nearest_distance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace rind::metrics {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
/// Columns that are worked on at a time: the sooner all of them have found their nearest row, the fewer rows
/// are tried.
constexpr std::size_t kColumns = 32;

using Iterator = std::vector<SurfacePoint>::const_iterator;

/// The rows and columns in which somebody asks for a distance.
struct Window {
  std::int32_t y_begin = 0, y_end = 0, x_begin = 0, x_end = 0;

  std::size_t rows() const { return static_cast<std::size_t>(y_end - y_begin); }
  std::size_t columns() const { return static_cast<std::size_t>(x_end - x_begin); }
};

Window windowOf(const std::vector<SurfacePoint>& points) {
  Window w = {points[0].y, points[0].y + 1, points[0].x, points[0].x + 1};
  for (const SurfacePoint& p : points) {
    w.y_begin = std::min(w.y_begin, p.y);
    w.y_end = std::max(w.y_end, p.y + 1);
    w.x_begin = std::min(w.x_begin, p.x);
    w.x_end = std::max(w.x_end, p.x + 1);
  }
  return w;
}

double square(double v) {
  return v * v;
}

/// One row of points and the squared distance along x from each column of the window to the nearest of them.
struct Row {
  std::int32_t y = 0;
  std::vector<double> squared;
};

Row scanRow(Iterator begin, Iterator end, const Window& window, double spacing_x) {
  Row row = {begin->y, std::vector<double>(window.columns())};
  auto nearest = begin;
  for (std::int32_t x = window.x_begin; x < window.x_end; ++x) {
    while (nearest + 1 != end && std::abs((nearest + 1)->x - x) <= std::abs(nearest->x - x)) ++nearest;
    row.squared[static_cast<std::size_t>(x - window.x_begin)] = square((nearest->x - x) * spacing_x);
  }
  return row;
}

std::vector<Row> scanRows(Iterator begin, Iterator end, const Window& window, double spacing_x) {
  std::vector<Row> rows;
  while (begin != end) {
    const auto next = std::find_if(begin, end, [&](const SurfacePoint& p) { return p.y != begin->y; });
    rows.push_back(scanRow(begin, next, window, spacing_x));
    begin = next;
  }
  return rows;
}

/// In eight interleaved parts, which the processor works on at a time.
double largest(const double* values, std::size_t count) {
  std::array<double, 8> most = {};
  std::size_t i = 0;
  for (; i + most.size() <= count; i += most.size())
    for (std::size_t k = 0; k < most.size(); ++k) most[k] = values[i + k] > most[k] ? values[i + k] : most[k];
  for (; i < count; ++i) most[0] = std::max(most[0], values[i]);
  return *std::max_element(most.begin(), most.end());
}

/// best = min(best, row + apart) over `count` columns from `column` on.
void lower(const Row& row, double apart, std::size_t column, std::size_t count, double* best) {
  const double* squared = row.squared.data() + column;
  for (std::size_t i = 0; i < count; ++i) {
    const double candidate = squared[i] + apart;
    best[i] = candidate < best[i] ? candidate : best[i];
  }
}

/// The least over rows of (distance along x)² + (distance along y)², nearest rows first, until no row can
/// better it.
void nearestOverRows(const std::vector<Row>& rows, std::int32_t y, double spacing_y, std::size_t columns,
                     double* best) {
  const auto split =
      static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), y,
                                                [](const Row& row, std::int32_t at) { return row.y < at; }) -
                               rows.begin());
  std::fill_n(best, columns, kFar);
  const auto apart = [&](std::size_t row) { return square((rows[row].y - y) * spacing_y); };
  for (std::size_t column = 0; column < columns; column += kColumns) {
    const std::size_t count = std::min(kColumns, columns - column);
    std::size_t after = split, before = split;
    while (after < rows.size() || before > 0) {
      const double up = after < rows.size() ? apart(after) : kFar;
      const double down = before > 0 ? apart(before - 1) : kFar;
      if (std::min(up, down) >= largest(best + column, count)) break;
      const std::size_t row = up <= down ? after++ : --before;
      lower(rows[row], std::min(up, down), column, count, best + column);
    }
  }
}

/// Squared distances within one plane that holds points, over the whole window.
struct Plane {
  std::int32_t z = 0;
  std::vector<double> squared;
};

Plane scanPlane(Iterator begin, Iterator end, const Window& window, const core::Spacing& spacing) {
  const std::vector<Row> rows = scanRows(begin, end, window, spacing.x);
  Plane plane = {begin->z, std::vector<double>(window.rows() * window.columns())};
  for (std::size_t i = 0; i < window.rows(); ++i)
    nearestOverRows(rows, window.y_begin + static_cast<std::int32_t>(i), spacing.y, window.columns(),
                    &plane.squared[i * window.columns()]);
  return plane;
}

std::vector<Plane> scanPlanes(const std::vector<SurfacePoint>& points, const Window& window,
                              const core::Spacing& spacing) {
  std::vector<Plane> planes;
  for (auto begin = points.begin(); begin != points.end();) {
    const auto next =
        std::find_if(begin, points.end(), [&](const SurfacePoint& p) { return p.z != begin->z; });
    planes.push_back(scanPlane(begin, next, window, spacing));
    begin = next;
  }
  return planes;
}

/// As nearestOverRows, over planes, for one point.
double nearestOverPlanes(const std::vector<Plane>& planes, std::size_t split, const SurfacePoint& point,
                         std::size_t in_plane, double spacing_z) {
  const auto apart = [&](std::size_t plane) { return square((planes[plane].z - point.z) * spacing_z); };
  double best = kFar;
  std::size_t after = split, before = split;
  while (after < planes.size() || before > 0) {
    const double up = after < planes.size() ? apart(after) : kFar;
    const double down = before > 0 ? apart(before - 1) : kFar;
    if (std::min(up, down) >= best) break;
    const std::size_t plane = up <= down ? after++ : --before;
    best = std::min(best, planes[plane].squared[in_plane] + std::min(up, down));
  }
  return best;
}

}  // namespace

std::vector<double> nearestDistances(const std::vector<SurfacePoint>& from,
                                     const std::vector<SurfacePoint>& to, const core::Spacing& spacing) {
  const Window window = windowOf(from);
  const std::vector<Plane> planes = scanPlanes(to, window, spacing);
  std::vector<double> distances;
  distances.reserve(from.size());
  std::size_t split = 0;
  for (const SurfacePoint& p : from) {
    while (split < planes.size() && planes[split].z < p.z) ++split;
    const std::size_t in_plane = static_cast<std::size_t>(p.y - window.y_begin) * window.columns() +
                                 static_cast<std::size_t>(p.x - window.x_begin);
    distances.push_back(std::sqrt(nearestOverPlanes(planes, split, p, in_plane, spacing.z)));
  }
  return distances;
}

double bytesForDistances(const std::vector<SurfacePoint>& from, const std::vector<SurfacePoint>& to) {
  if (from.empty() || to.empty()) return 0;
  std::size_t planes = 1, rows = 1, most_rows = 1;
  for (std::size_t i = 1; i < to.size(); ++i) {
    const bool new_plane = to[i].z != to[i - 1].z;
    planes += new_plane ? 1 : 0;
    rows = new_plane ? 1 : to[i].y != to[i - 1].y ? rows + 1 : rows;
    most_rows = std::max(most_rows, rows);
  }
  const Window window = windowOf(from);
  const std::size_t numbers = (planes * window.rows() + most_rows) * window.columns() + 2 * from.size();
  return static_cast<double>(numbers * sizeof(double));
}

}  // namespace rind::metrics
