#include "rind/workbench/thumbnail_cache.h"

#include <QBuffer>
#include <QCryptographicHash>
#include <algorithm>
#include <fstream>
#include <vector>

#include "rind/core/atomic_file.h"
#include "rind/core/text.h"
#include "rind/datasets/preparation.h"
#include "rind/workbench/thumbnail.h"

namespace rind::workbench {
namespace {

namespace fs = std::filesystem;

/// Raised whenever the same files would give another picture.
constexpr int kDrawingVersion = 1;
constexpr int kWrittenBetweenLooks = 200;
constexpr int kLargestFile = 1 << 18;  // bytes
/// What every whole PNG ends with; the decoder writes to standard error where it is missing.
constexpr std::string_view kEnd("IEND\xae\x42\x60\x82");

}  // namespace

std::string thumbnailKey(const datasets::DataSet& data, const datasets::CaseFiles& files) {
  nlohmann::json key = datasets::fingerprintOf(data, files);
  key["drawing"] = kDrawingVersion;
  key["side"] = kThumbnailSide;
  key["id"] = files.id;
  for (const auto& label : data.labels) key["colours"].push_back(label.colour);
  const auto text = QByteArray::fromStdString(core::jsonText(key));
  return QCryptographicHash::hash(text, QCryptographicHash::Sha1).toHex().toStdString();
}

QImage ThumbnailCache::read(const std::string& key) const {
  const fs::path file = folder_ / (key + ".png");
  std::error_code status;
  const auto bytes = fs::file_size(file, status);
  if (status || bytes > kLargestFile) return {};
  std::ifstream in(file, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!content.ends_with(kEnd)) return {};
  const QImage picture =
      QImage::fromData(QByteArray::fromStdString(content), "png").convertToFormat(QImage::Format_RGB32);
  if (picture.size() != QSize(kThumbnailSide, kThumbnailSide)) return {};
  fs::last_write_time(file, fs::file_time_type::clock::now(), status);  // it is still wanted
  return picture;
}

void ThumbnailCache::write(const std::string& key, const QImage& picture) {
  std::error_code said_below;
  fs::create_directories(folder_, said_below);
  if (written_++ % kWrittenBetweenLooks == 0) makeRoom();
  QBuffer bytes;
  bytes.open(QIODevice::WriteOnly);
  picture.save(&bytes, "png");
  const auto& content = bytes.data();
  core::writeFileWhole(folder_ / (key + ".png"),
                       std::string_view(content.constData(), static_cast<std::size_t>(content.size())));
}

void ThumbnailCache::makeRoom() const {
  std::error_code status;
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  for (const auto& entry : fs::directory_iterator(folder_, status))
    files.emplace_back(entry.last_write_time(status), entry.path());
  if (files.size() <= static_cast<std::size_t>(most_)) return;
  // A tenth at once, so that it is not done for each.
  const auto kept = static_cast<std::ptrdiff_t>(most_ - most_ / 10);
  std::nth_element(files.begin(), files.end() - kept, files.end());
  for (auto file = files.begin(); file != files.end() - kept; ++file) fs::remove(file->second, status);
}

}  // namespace rind::workbench
