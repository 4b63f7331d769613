#pragma once

#include <ATen/core/Tensor.h>

#include <set>
#include <string>
#include <variant>
#include <vector>

#include "rind/exporting/protobuf_message.h"

namespace rind::exporting {

using OnnxValue = std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>>;
struct OnnxAttribute {
  std::string name;
  OnnxValue value;
};

/// A tensor that goes in or out; an axis is a number or the name of a size that may vary.
struct OnnxPort {
  std::string name;
  std::vector<std::variant<std::int64_t, std::string>> shape;
};

/// An ONNX graph as it is put together: values are known by name.
class OnnxGraph {
 public:
  /// Adds an operator with one output and returns the output's name. An empty input is one that is left out.
  std::string node(const std::string& type, const std::vector<std::string>& inputs,
                   const std::vector<OnnxAttribute>& attributes = {});

  /// A constant tensor (f32 or i64), added once for each name.
  std::string constant(const std::string& name, const at::Tensor& value);
  /// Constants without a name of their own.
  std::string integers(const std::vector<std::int64_t>& values);
  std::string scalar(double value);

  /// Names `value` as the graph's output.
  void output(const std::string& value, const std::string& name);

  /// The file: a ModelProto, IR version 8, opset 17, with `metadata` as its key and value.
  std::string serialised(const OnnxPort& input, const OnnxPort& output,
                         const std::pair<std::string, std::string>& metadata) const;

 private:
  std::string freshName(const std::string& stem);

  ProtobufMessage nodes_and_constants_;
  std::set<std::string> constants_;
  int count_ = 0;
};

}  // namespace rind::exporting
