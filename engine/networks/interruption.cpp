#include "rind/networks/interruption.h"

#include <ATen/Functions.h>

#include "rind/core/error.h"

namespace rind::networks {
namespace {

using Wanted = std::shared_ptr<const std::function<bool()>>;

Wanted& current() {
  thread_local Wanted wanted;
  return wanted;
}

void ask(const Wanted& wanted) {
  if (wanted && *wanted && (*wanted)()) throw core::Interrupted("stopped on request");
}

}  // namespace

Interruption::Interruption(std::function<bool()> wanted)
    : before_(std::exchange(current(), std::make_shared<const std::function<bool()>>(std::move(wanted)))) {}

Interruption::~Interruption() {
  current() = std::move(before_);
}

void askForInterruption(const at::Tensor& x) {
  const Wanted wanted = current();
  if (!wanted) return;
  ask(wanted);
  // The backward pass of a GPU runs on a thread of its own, so the question is carried along.
  if (x.requires_grad()) x.register_hook([wanted](const at::Tensor&) { ask(wanted); });
}

}  // namespace rind::networks
