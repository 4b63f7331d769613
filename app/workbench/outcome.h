#pragma once

#include <QString>
#include <exception>
#include <memory>

namespace rind::workbench {

/// A result of work on a background thread, or why there is none.
template <class T>
struct Outcome {
  std::shared_ptr<T> value;
  QString problem;
};

template <class T, class Work>
Outcome<T> attempt(Work work) {
  try {
    return {std::make_shared<T>(work()), {}};
  } catch (const std::exception& error) {
    return {nullptr, QString::fromUtf8(error.what())};
  }
}

}  // namespace rind::workbench
