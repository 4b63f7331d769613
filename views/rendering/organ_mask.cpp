#include "rind/rendering/organ_mask.h"

#include <algorithm>
#include <array>

namespace rind::rendering {
namespace {

struct Range {
  std::int64_t low;
  std::int64_t high;
};

// Within `t` of a side of the class's box there is another label, so the band reaches there. Where the box
// ends at the volume's face, only the zero border does.
Range inset(Range box, std::int64_t extent, const Body& body) {
  if (extent == 1) return box;
  const std::int64_t t = body.deeper_than;
  if (box.low > 0 || body.zero_border) box.low += t;
  if (box.high < extent - 1 || body.zero_border) box.high -= t;
  if (body.zero_border) box = {std::max(box.low, t), std::min(box.high, extent - 1 - t)};
  return box;
}

// One row of the mask; true where any voxel of it is set.
bool fillRow(const Body& body, const core::Index3& first, std::int64_t stride, std::int64_t count,
             unsigned char* out) {
  const auto offset = static_cast<std::int64_t>(body.labels.offset(first));
  const auto* label = body.labels.data + offset;
  const auto wanted = static_cast<std::uint8_t>(body.label);
  unsigned char any = 0;
  if (body.deeper_than == 0) {
    for (std::int64_t i = 0; i < count; ++i) {
      out[i] = label[i * stride] == wanted ? 255 : 0;
      any |= out[i];
    }
    return any != 0;
  }
  const auto* depth = body.depth.data + offset;
  for (std::int64_t i = 0; i < count; ++i) {
    out[i] = label[i * stride] == wanted && depth[i * stride] > body.deeper_than ? 255 : 0;
    any |= out[i];
  }
  return any != 0;
}

}  // namespace

models::Box boxOf(const Body& body) {
  if (body.deeper_than == 0 || body.box.empty()) return body.box;
  const auto& size = body.labels.size;
  const Range z = inset({body.box.low.z, body.box.high.z}, size.z, body);
  const Range y = inset({body.box.low.y, body.box.high.y}, size.y, body);
  const Range x = inset({body.box.low.x, body.box.high.x}, size.x, body);
  if (z.low > z.high || y.low > y.high || x.low > x.high) return {};
  return {{z.low, y.low, x.low}, {z.high, y.high, x.high}};
}

vtkSmartPointer<vtkImageData> maskOf(const Body& body, const models::Box& box, std::int64_t stride) {
  const auto cells = [&](std::int64_t low, std::int64_t high) { return (high - low) / stride + 1; };
  const std::array<std::int64_t, 3> count = {cells(box.low.x, box.high.x), cells(box.low.y, box.high.y),
                                             cells(box.low.z, box.high.z)};
  auto image = vtkSmartPointer<vtkImageData>::New();
  image->SetExtent(-1, static_cast<int>(count[0]), -1, static_cast<int>(count[1]), -1,
                   static_cast<int>(count[2]));
  image->AllocateScalars(VTK_UNSIGNED_CHAR, 1);
  auto* voxel = static_cast<unsigned char*>(image->GetScalarPointer());
  const std::int64_t row = count[0] + 2;
  std::fill_n(voxel, row * (count[1] + 2) * (count[2] + 2), static_cast<unsigned char>(0));
  bool any = false;
  for (std::int64_t k = 0; k < count[2]; ++k)
    for (std::int64_t j = 0; j < count[1]; ++j)
      any |= fillRow(body, {box.low.z + k * stride, box.low.y + j * stride, box.low.x}, stride, count[0],
                     voxel + ((k + 1) * (count[1] + 2) + j + 1) * row + 1);
  return any ? image : nullptr;
}

}  // namespace rind::rendering
