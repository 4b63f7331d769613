#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "loss_case.h"

namespace rind::losses::testing {

struct Layout {
  const char* name;
  at::ScalarType type;
  at::MemoryFormat format;
};

inline constexpr std::array<Layout, 4> kLayouts = {{
    {"float32", at::kFloat, at::MemoryFormat::Contiguous},
    {"float32 channels-last", at::kFloat, at::MemoryFormat::ChannelsLast3d},
    {"bfloat16", at::kBFloat16, at::MemoryFormat::Contiguous},
    {"bfloat16 channels-last", at::kBFloat16, at::MemoryFormat::ChannelsLast3d},
}};

inline void expectFusedEqualsComposed(const LossCase& made, const core::LossSettings& settings,
                                      const Layout& layout) {
  SCOPED_TRACE(nameOf(settings) + " " + layout.name);
  const at::Tensor logits = made.logits.to(layout.type).contiguous(layout.format);
  const Evaluation fused = evaluate(logits, made.target, settings, true, true);
  const Evaluation exact = evaluateComposed(logits.to(at::kDouble), made.target, settings, true, true);
  EXPECT_NEAR(fused.report.total, exact.report.total, 2e-6 * std::abs(exact.report.total) + 1e-7);
  for (std::size_t j = 0; j < exact.report.classes.size(); ++j) {
    EXPECT_NEAR(fused.report.classes[j].contour, exact.report.classes[j].contour, 1e-5);
    EXPECT_NEAR(fused.report.classes[j].interior, exact.report.classes[j].interior, 1e-5);
  }
  ASSERT_EQ(fused.gradient.scalar_type(), layout.type);
  ASSERT_EQ(fused.gradient.strides(), logits.strides());
  const double largest = exact.gradient.abs().max().item<double>();
  const double error = (fused.gradient.to(at::kDouble) - exact.gradient).abs().max().item<double>();
  const double rounding = layout.type == at::kFloat ? 2e-6 : 1.0 / 256;  // bfloat16 keeps 8 bits
  EXPECT_LE(error, rounding * largest);
}

}  // namespace rind::losses::testing
