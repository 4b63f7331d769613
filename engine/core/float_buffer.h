#pragma once

#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace rind::core {

/// std::allocator, but that what is made without a value stays unset: large volumes are written once anyway.
template <class T>
struct UnsetAllocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = UnsetAllocator<U>;
  };
  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Values>
  void construct(U* at, Values&&... values) {
    ::new (static_cast<void*>(at)) U(std::forward<Values>(values)...);
  }
};

/// Voxels that are not set to 0 first.
using FloatBuffer = std::vector<float, UnsetAllocator<float>>;

}  // namespace rind::core
