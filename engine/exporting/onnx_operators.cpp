#include "rind/exporting/onnx_operators.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <stdexcept>

namespace rind::exporting {
namespace {

using torch::jit::Node;
using torch::jit::Value;
using Integers = std::vector<std::int64_t>;

/// The values of the traced graph that are known so far, as names in the ONNX graph.
class Translation {
 public:
  Translation(const torch::jit::Module& traced, OnnxGraph& graph) : onnx(graph), traced_(traced) {}

  void name(const Value* value, std::string onnx_name) { names_[value] = std::move(onnx_name); }

  /// The name of a tensor: computed before, or a weight.
  std::string of(const Value* value) {
    if (const auto known = names_.find(value); known != names_.end()) return known->second;
    if (isNone(value)) return "";
    const auto weight = attribute(value);
    return onnx.constant(weight, tensor(value));
  }

  /// A weight itself.
  at::Tensor tensor(const Value* value) const { return traced_.attr(attribute(value)).toTensor(); }
  std::string attribute(const Value* value) const {
    if (value->node()->kind() != torch::jit::prim::GetAttr)
      throw std::runtime_error("ONNX: an operator wants a weight where the network computes a value");
    return value->node()->s(torch::jit::attr::name);
  }

  OnnxGraph& onnx;

  static bool isNone(const Value* value) {
    return value->type()->kind() == c10::TypeKind::NoneType || torch::jit::toIValue(value)->isNone();
  }
  static std::int64_t integer(const Value* value) { return torch::jit::toIValue(value)->toInt(); }
  static bool boolean(const Value* value) { return torch::jit::toIValue(value)->toBool(); }
  static double number(const Value* value) { return torch::jit::toIValue(value)->toScalar().toDouble(); }
  static Integers integers(const Value* value) {
    if (const auto constant = torch::jit::toIValue(value)) return constant->toIntVector();
    Integers list;
    for (const Value* item : value->node()->inputs()) list.push_back(integer(item));
    return list;
  }
  static std::vector<double> numbers(const Value* value) {
    if (const auto constant = torch::jit::toIValue(value)) return constant->toDoubleVector();
    std::vector<double> list;
    for (const Value* item : value->node()->inputs()) list.push_back(number(item));
    return list;
  }
  static Integers shape(const Value* value) {
    return value->type()->expectRef<c10::TensorType>().sizes().concrete_sizes().value();
  }

 private:
  const torch::jit::Module& traced_;
  std::map<const Value*, std::string> names_;
};

using Inputs = at::ArrayRef<const Value*>;
using Rule = std::function<std::string(Translation&, Inputs)>;

/// One number for each spatial axis, where LibTorch lets one stand for all.
Integers perAxis(Integers values) {
  constexpr std::size_t kAxes = 3;
  if (values.size() == 1) values.resize(kAxes, values[0]);
  return values;
}

/// Padding of both ends, as ONNX wants it: all begins, then all ends.
Integers bothEnds(Integers padding) {
  const std::size_t axes = padding.size();
  for (std::size_t i = 0; i < axes; ++i) padding.push_back(padding[i]);
  return padding;
}

/// `name` and the bias after it, where there is one.
std::vector<std::string> operands(Translation& t, const Value* x, const Value* weight, const Value* bias) {
  std::vector<std::string> names = {t.of(x), t.of(weight)};
  if (!t.isNone(bias)) names.push_back(t.of(bias));
  return names;
}

// aten::_convolution(x, weight, bias, stride, padding, dilation, transposed, output_padding, groups, …)
std::string convolution(Translation& t, Inputs in) {
  std::vector<OnnxAttribute> attributes = {{"strides", perAxis(t.integers(in[3]))},
                                           {"pads", bothEnds(perAxis(t.integers(in[4])))},
                                           {"dilations", perAxis(t.integers(in[5]))},
                                           {"group", t.integer(in[8])}};
  const bool transposed = t.boolean(in[6]);
  if (transposed) attributes.push_back({"output_padding", perAxis(t.integers(in[7]))});
  return t.onnx.node(transposed ? "ConvTranspose" : "Conv", operands(t, in[0], in[1], in[2]), attributes);
}

// aten::batch_norm(x, weight, bias, mean, variance, training, momentum, eps, …)
std::string batchNorm(Translation& t, Inputs in) {
  return t.onnx.node("BatchNormalization", {t.of(in[0]), t.of(in[1]), t.of(in[2]), t.of(in[3]), t.of(in[4])},
                     {{"epsilon", static_cast<float>(t.number(in[7]))}});
}

// aten::instance_norm(x, weight, bias, mean, variance, use_input_stats, momentum, eps, …), without weights
std::string instanceNorm(Translation& t, Inputs in) {
  const std::int64_t channels = t.shape(in[0]).at(1);
  const std::string count = std::to_string(channels);
  return t.onnx.node("InstanceNormalization",
                     {t.of(in[0]), t.onnx.constant("ones_" + count, at::ones({channels})),
                      t.onnx.constant("zeros_" + count, at::zeros({channels}))},
                     {{"epsilon", static_cast<float>(t.number(in[7]))}});
}

// aten::layer_norm(x, shape, weight, bias, eps, …) over the last axis
std::string layerNorm(Translation& t, Inputs in) {
  return t.onnx.node("LayerNormalization", {t.of(in[0]), t.of(in[2]), t.of(in[3])},
                     {{"axis", std::int64_t{-1}}, {"epsilon", static_cast<float>(t.number(in[4]))}});
}

// aten::max_pool3d(x, kernel, stride, padding, dilation, ceil): an empty stride is the kernel
std::string maxPool(Translation& t, Inputs in) {
  const auto kernel = t.integers(in[1]), stride = t.integers(in[2]);
  return t.onnx.node("MaxPool", {t.of(in[0])},
                     {{"kernel_shape", kernel},
                      {"strides", stride.empty() ? kernel : stride},
                      {"pads", bothEnds(perAxis(t.integers(in[3])))}});
}

// aten::prelu(x, weight): one slope a channel
std::string prelu(Translation& t, Inputs in) {
  const auto slope = t.tensor(in[1]).view({-1, 1, 1, 1});
  return t.onnx.node("PRelu", {t.of(in[0]), t.onnx.constant(t.attribute(in[1]), slope)});
}

// aten::linear(x, weight [out, in], bias)
std::string linear(Translation& t, Inputs in) {
  const auto weight = t.onnx.constant(t.attribute(in[1]), t.tensor(in[1]).t());
  const auto product = t.onnx.node("MatMul", {t.of(in[0]), weight});
  return t.isNone(in[2]) ? product : t.onnx.node("Add", {product, t.of(in[2])});
}

// aten::gelu(x, "none"): x/2·(1 + erf(x/√2))
std::string gelu(Translation& t, Inputs in) {
  const auto x = t.of(in[0]);
  const auto erf = t.onnx.node("Erf", {t.onnx.node("Mul", {x, t.onnx.scalar(std::sqrt(0.5))})});
  const auto half = t.onnx.node("Mul", {x, t.onnx.scalar(0.5)});
  return t.onnx.node("Mul", {half, t.onnx.node("Add", {erf, t.onnx.scalar(1)})});
}

// aten::scaled_dot_product_attention(q, k, v, …), [B, heads, tokens, size]: softmax(q·kᵀ/√size)·v
std::string attention(Translation& t, Inputs in) {
  const double scale = 1 / std::sqrt(static_cast<double>(t.shape(in[0]).back()));
  const auto transposed = t.onnx.node("Transpose", {t.of(in[1])}, {{"perm", Integers{0, 1, 3, 2}}});
  const auto scores = t.onnx.node("MatMul", {t.of(in[0]), transposed});
  const auto scaled = t.onnx.node("Mul", {scores, t.onnx.scalar(scale)});
  const auto shares = t.onnx.node("Softmax", {scaled}, {{"axis", std::int64_t{-1}}});
  return t.onnx.node("MatMul", {shares, t.of(in[2])});
}

// aten::cat(tensors, axis)
std::string concatenation(Translation& t, Inputs in) {
  std::vector<std::string> parts;
  for (const Value* part : in[0]->node()->inputs()) parts.push_back(t.of(part));
  return t.onnx.node("Concat", parts, {{"axis", t.integer(in[1])}});
}

// aten::upsample_trilinear3d(x, none, align_corners = false, scales)
std::string upsampling(Translation& t, Inputs in) {
  std::vector<float> scales = {1, 1};
  for (const double scale : t.numbers(in[3])) scales.push_back(static_cast<float>(scale));
  const auto factors = t.onnx.constant("scales_of_" + in[0]->debugName(), at::tensor(scales));
  return t.onnx.node("Resize", {t.of(in[0]), "", factors},
                     {{"mode", "linear"}, {"coordinate_transformation_mode", "half_pixel"}});
}

// aten::narrow(x, axis, start, length)
std::string narrow(Translation& t, Inputs in) {
  const std::int64_t start = t.integer(in[2]), length = t.integer(in[3]);
  return t.onnx.node("Slice", {t.of(in[0]), t.onnx.integers({start}), t.onnx.integers({start + length}),
                               t.onnx.integers({t.integer(in[1])})});
}

// aten::select(x, axis, index)
std::string selection(Translation& t, Inputs in) {
  const auto index = t.onnx.constant("index_" + std::to_string(t.integer(in[2])),
                                     at::scalar_tensor(t.integer(in[2]), at::kLong));
  return t.onnx.node("Gather", {t.of(in[0]), index}, {{"axis", t.integer(in[1])}});
}

// aten::transpose(x, a, b)
std::string transposition(Translation& t, Inputs in) {
  Integers order(t.shape(in[0]).size());
  std::iota(order.begin(), order.end(), 0);
  const auto axis = [&](const Value* value) {
    const std::int64_t given = t.integer(value);
    return static_cast<std::size_t>(given < 0 ? given + static_cast<std::int64_t>(order.size()) : given);
  };
  std::swap(order.at(axis(in[1])), order.at(axis(in[2])));
  return t.onnx.node("Transpose", {t.of(in[0])}, {{"perm", order}});
}

// aten::flatten(x, 2, -1): 0 keeps an axis
std::string flattening(Translation& t, Inputs in) {
  Integers shape(static_cast<std::size_t>(t.integer(in[1])), 0);
  shape.push_back(-1);
  return t.onnx.node("Reshape", {t.of(in[0]), t.onnx.integers(shape)});
}

/// An operator of one tensor without attributes.
Rule same(const std::string& type) {
  return [type](Translation& t, Inputs in) { return t.onnx.node(type, {t.of(in[0])}); };
}

const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> table = {
      {"aten::_convolution", convolution},
      {"aten::batch_norm", batchNorm},
      {"aten::instance_norm", instanceNorm},
      {"aten::layer_norm", layerNorm},
      {"aten::max_pool3d", maxPool},
      {"aten::prelu", prelu},
      {"aten::relu", same("Relu")},
      {"aten::relu_", same("Relu")},
      {"aten::leaky_relu",
       [](Translation& t, Inputs in) {
         return t.onnx.node("LeakyRelu", {t.of(in[0])}, {{"alpha", static_cast<float>(t.number(in[1]))}});
       }},
      {"aten::add",
       [](Translation& t, Inputs in) {
         return t.onnx.node("Add", {t.of(in[0]), t.of(in[1])});
       }},
      {"aten::linear", linear},
      {"aten::gelu", gelu},
      {"aten::scaled_dot_product_attention", attention},
      {"aten::cat", concatenation},
      {"aten::upsample_trilinear3d", upsampling},
      {"aten::mean",
       [](Translation& t, Inputs in) {
         return t.onnx.node("ReduceMean", {t.of(in[0])},
                            {{"axes", t.integers(in[1])}, {"keepdims", std::int64_t{t.boolean(in[2])}}});
       }},
      {"aten::expand_as",
       [](Translation& t, Inputs in) {
         return t.onnx.node("Expand", {t.of(in[0]), t.onnx.node("Shape", {t.of(in[1])})});
       }},
      {"aten::repeat",
       [](Translation& t, Inputs in) {
         return t.onnx.node("Tile", {t.of(in[0]), t.onnx.integers(t.integers(in[1]))});
       }},
      {"aten::reshape",
       [](Translation& t, Inputs in) {
         return t.onnx.node("Reshape", {t.of(in[0]), t.onnx.integers(t.integers(in[1]))});
       }},
      {"aten::permute",
       [](Translation& t, Inputs in) {
         return t.onnx.node("Transpose", {t.of(in[0])}, {{"perm", t.integers(in[1])}});
       }},
      {"aten::narrow", narrow},
      {"aten::select", selection},
      {"aten::transpose", transposition},
      {"aten::flatten", flattening},
  };
  return table;
}

}  // namespace

std::string translateToOnnx(const torch::jit::Module& traced, const std::string& input, OnnxGraph& graph) {
  const auto network = traced.get_method("forward").graph();
  Translation translation(traced, graph);
  translation.name(network->inputs().at(1), input);  // the first is the module itself
  for (const Node* node : network->nodes()) {
    if (!node->kind().is_aten()) continue;  // constants, lists and weights are looked up where they are used
    const auto rule = rules().find(node->kind().toQualString());
    if (rule == rules().end())
      throw std::runtime_error(std::string("ONNX: there is no translation of ") +
                               node->kind().toQualString());
    const auto inputs = node->inputs();
    translation.name(node->output(), rule->second(translation, Inputs(inputs.data(), inputs.size())));
  }
  return translation.of(network->outputs().at(0));
}

}  // namespace rind::exporting
