#include "rind/training/tensorboard.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstring>

#include "rind/exporting/protobuf_message.h"

namespace rind::training {
namespace {

using exporting::ProtobufMessage;

double wallTime() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

template <class Number>
std::string bytesOf(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

/// Rotated and shifted, so that a checksum of checksums stays a good one.
std::uint32_t masked(std::uint32_t crc) {
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

std::array<std::uint32_t, 256> crcTable() {
  std::array<std::uint32_t, 256> table = {};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0);
    table[i] = crc;
  }
  return table;
}

// The fields of tensorflow/core/util/event.proto and framework/summary.proto that are written.
constexpr int kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7;
constexpr int kSummaryValue = 1, kTag = 1, kSimpleValue = 2, kStatus = 1;

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static const auto table = crcTable();
  std::uint32_t crc = 0xffffffffU;
  for (const char byte : bytes) crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

TensorBoardFile::TensorBoardFile(const std::filesystem::path& folder, std::int64_t first_step) {
  std::filesystem::create_directories(folder);
  const double now = wallTime();
  file_.open(folder / ("events.out.tfevents." + std::to_string(static_cast<long long>(now)) + "." +
                       std::to_string(::getpid()) + ".rind"));
  ProtobufMessage version;
  version.number(kWallTime, now);
  version.text(kFileVersion, "brain.Event:2");
  record(version.bytes());
  // A start at this step: TensorBoard forgets what a run that was cut off had recorded beyond it.
  ProtobufMessage start, event;
  start.integer(kStatus, 1);
  event.number(kWallTime, now);
  event.integer(kStep, first_step);
  event.message(kSessionLog, start);
  record(event.bytes());
}

void TensorBoardFile::record(const std::string& event) {
  const std::string length = bytesOf(static_cast<std::uint64_t>(event.size()));
  file_.append(length + bytesOf(masked(crc32c(length))) + event + bytesOf(masked(crc32c(event))));
}

void TensorBoardFile::scalar(const messages::Moment& at, const std::string& tag, double value) {
  if (!std::isfinite(value)) return;
  ProtobufMessage one, summary, event;
  one.text(kTag, tag);
  one.number(kSimpleValue, static_cast<float>(value));
  summary.message(kSummaryValue, one);
  event.number(kWallTime, at.time);
  event.integer(kStep, at.step);
  event.message(kSummary, summary);
  record(event.bytes());
}

void TensorBoardFile::add(const messages::Event& event) {
  if (const auto* step = std::get_if<messages::Step>(&event)) {
    scalar(step->at, "step/loss", step->loss);
    for (const auto& [name, value] : step->terms) scalar(step->at, "step/" + name, value);
    scalar(step->at, "step/learning_rate", step->learning_rate);
    scalar(step->at, "step/gradient_norm", step->gradient_norm);
  } else if (const auto* epoch = std::get_if<messages::Epoch>(&event)) {
    scalar(epoch->at, "epoch/loss", epoch->loss);
    scalar(epoch->at, "epoch/mean_dsc", epoch->mean_dsc);
    for (const auto& c : epoch->classes) scalar(epoch->at, "epoch/dsc/" + c.name, c.dsc);
    scalar(epoch->at, "epoch/seconds", epoch->seconds);
  }
}

}  // namespace rind::training
