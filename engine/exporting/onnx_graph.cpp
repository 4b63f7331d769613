#include "rind/exporting/onnx_graph.h"

#include <ATen/ATen.h>

#include <stdexcept>

namespace rind::exporting {
namespace {

// Field numbers of onnx.proto, by message (the ONNX specification, "Open Neural Network Exchange IR").
namespace model_field {
constexpr int kIrVersion = 1, kProducer = 2, kGraph = 7, kOpset = 8, kMetadata = 14;
}
namespace graph_field {
constexpr int kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12;
}
namespace node_field {
constexpr int kInput = 1, kOutput = 2, kName = 3, kType = 4, kAttribute = 5;
}
namespace attribute_field {
constexpr int kName = 1, kFloat = 2, kInteger = 3, kString = 4, kIntegers = 8, kType = 20;
}
namespace tensor_field {
constexpr int kDims = 1, kType = 2, kName = 8, kRaw = 9;
}
constexpr int kFloatTensor = 1, kInt64Tensor = 7;
constexpr int kIrVersion = 8, kOpset = 17;

ProtobufMessage attributeMessage(const OnnxAttribute& attribute) {
  // AttributeProto.AttributeType of each alternative of OnnxValue, in its order.
  constexpr std::array<int, 4> kTypes = {2, 1, 3, 7};
  ProtobufMessage message;
  message.text(attribute_field::kName, attribute.name);
  if (const auto* integer = std::get_if<std::int64_t>(&attribute.value))
    message.integer(attribute_field::kInteger, *integer);
  else if (const auto* number = std::get_if<float>(&attribute.value))
    message.number(attribute_field::kFloat, *number);
  else if (const auto* text = std::get_if<std::string>(&attribute.value))
    message.text(attribute_field::kString, *text);
  else
    for (const auto value : std::get<std::vector<std::int64_t>>(attribute.value))
      message.integer(attribute_field::kIntegers, value);
  message.integer(attribute_field::kType, kTypes.at(attribute.value.index()));
  return message;
}

ProtobufMessage tensorMessage(const std::string& name, const at::Tensor& value) {
  ProtobufMessage message;
  for (const auto extent : value.sizes()) message.integer(tensor_field::kDims, extent);
  message.integer(tensor_field::kType, value.scalar_type() == at::kLong ? kInt64Tensor : kFloatTensor);
  message.text(tensor_field::kName, name);
  const at::Tensor host = value.detach().to(at::kCPU).contiguous();
  message.text(tensor_field::kRaw, {static_cast<const char*>(host.const_data_ptr()), host.nbytes()});
  return message;
}

/// A ValueInfoProto: name and type (a tensor type with element type and shape).
ProtobufMessage portMessage(const OnnxPort& port) {
  ProtobufMessage shape;
  for (const auto& extent : port.shape) {
    ProtobufMessage axis;
    if (const auto* fixed = std::get_if<std::int64_t>(&extent))
      axis.integer(1, *fixed);
    else
      axis.text(2, std::get<std::string>(extent));
    shape.message(1, axis);
  }
  ProtobufMessage tensor_type, type, message;
  tensor_type.integer(1, kFloatTensor);
  tensor_type.message(2, shape);
  type.message(1, tensor_type);
  message.text(1, port.name);
  message.message(2, type);
  return message;
}

}  // namespace

std::string OnnxGraph::freshName(const std::string& stem) {
  return stem + "_" + std::to_string(count_++);
}

std::string OnnxGraph::node(const std::string& type, const std::vector<std::string>& inputs,
                            const std::vector<OnnxAttribute>& attributes) {
  const std::string output = freshName(type);
  ProtobufMessage message;
  for (const auto& input : inputs) message.text(node_field::kInput, input);
  message.text(node_field::kOutput, output);
  message.text(node_field::kName, output);
  message.text(node_field::kType, type);
  for (const auto& attribute : attributes)
    message.message(node_field::kAttribute, attributeMessage(attribute));
  nodes_and_constants_.message(graph_field::kNode, message);
  return output;
}

std::string OnnxGraph::constant(const std::string& name, const at::Tensor& value) {
  if (constants_.insert(name).second)
    nodes_and_constants_.message(graph_field::kInitializer, tensorMessage(name, value));
  return name;
}

std::string OnnxGraph::integers(const std::vector<std::int64_t>& values) {
  return constant(freshName("integers"), at::tensor(values, at::kLong));
}

std::string OnnxGraph::scalar(double value) {
  return constant(freshName("scalar"), at::scalar_tensor(value, at::kFloat));
}

void OnnxGraph::output(const std::string& value, const std::string& name) {
  ProtobufMessage message;
  message.text(node_field::kInput, value);
  message.text(node_field::kOutput, name);
  message.text(node_field::kType, "Identity");
  nodes_and_constants_.message(graph_field::kNode, message);
}

std::string OnnxGraph::serialised(const OnnxPort& input, const OnnxPort& output,
                                  const std::pair<std::string, std::string>& metadata) const {
  ProtobufMessage graph = nodes_and_constants_;
  graph.text(graph_field::kName, "rind");
  graph.message(graph_field::kInput, portMessage(input));
  graph.message(graph_field::kOutput, portMessage(output));
  ProtobufMessage opset, entry, model;
  opset.text(1, "");  // the standard operators
  opset.integer(2, kOpset);
  entry.text(1, metadata.first);
  entry.text(2, metadata.second);
  model.integer(model_field::kIrVersion, kIrVersion);
  model.text(model_field::kProducer, "rind");
  model.message(model_field::kGraph, graph);
  model.message(model_field::kOpset, opset);
  model.message(model_field::kMetadata, entry);
  if (model.bytes().size() >= std::size_t{1} << 31)
    throw std::runtime_error("an ONNX file holds at most 2 GiB; export as TorchScript instead");
  return model.bytes();
}

}  // namespace rind::exporting
