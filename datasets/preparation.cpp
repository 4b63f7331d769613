#include "rind/datasets/preparation.h"

#include <chrono>
#include <cinttypes>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "rind/core/atomic_file.h"
#include "rind/core/case_error.h"
#include "rind/core/text.h"
#include "rind/datasets/case_memory.h"
#include "rind/datasets/parallel.h"
#include "rind/datasets/readable.h"
#include "rind/datasets/volume_io.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Raised whenever prepared bytes would differ for the same files and settings.
constexpr int kPreparationVersion = 3;

/// What JSON can hold: a path may have bytes that are no UTF-8.
json asUtf8(const json& value) {
  return json::parse(core::jsonText(value));
}

/// Path, size and time of change: cheap, and enough to notice another file under the same name.
json ownFingerprint(const fs::path& path) {
  std::error_code status;
  json entry = {{"file", fs::absolute(path).lexically_normal().string()}};
  if (fs::is_directory(path, status)) {
    std::uintmax_t files = 0, bytes = 0;
    std::int64_t newest = 0;
    for (const auto& inner : fs::directory_iterator(path, status)) {
      ++files;
      if (inner.is_regular_file(status)) bytes += inner.file_size(status);
      newest = std::max(newest,
                        static_cast<std::int64_t>(inner.last_write_time(status).time_since_epoch().count()));
    }
    entry["files"] = files;
    entry["bytes"] = bytes;
    entry["changed"] = newest;
    return entry;
  }
  entry["bytes"] = fs::file_size(path, status);
  if (status) throw core::InputError(path.string(), "does not exist", "add it, or leave its case out");
  entry["changed"] = fs::last_write_time(path, status).time_since_epoch().count();
  return entry;
}

/// With the files that it names as its data, where they are there.
json fingerprint(const fs::path& path) {
  json entry = ownFingerprint(path);
  for (const auto& data : detachedDataOf(path))
    if (isFile(data)) entry["data"].push_back(ownFingerprint(data));
  return entry;
}

/// One file names its DICOM series, whose other slices lie beside it.
json imageFingerprint(const fs::path& path, const DataSet& data) {
  json entry = fingerprint(path);
  if (data.layout == "dicom" && path.has_parent_path()) entry["beside"] = fingerprint(path.parent_path());
  return entry;
}

json sourceOf(const DataSet& data, const CaseFiles& c, const core::Preprocessing& preprocessing) {
  json source = {{"version", kPreparationVersion}, {"preprocessing", preprocessing}, {"id", c.id}};
  source.update(fingerprintOf(data, c));
  return asUtf8(source);
}

/// FNV-1a, 64 bits.
std::string hashOf(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016" PRIx64, hash);
  return hex;
}

/// An id may hold anything; a folder's name may not.
std::string safeName(const std::string& id) {
  std::string name = id.substr(0, 80);
  for (char& c : name)
    if (c == '/' || c == '\0') c = '_';
  return name;
}

bool isWhole(const fs::path& folder) {
  std::error_code status;
  if (!fs::exists(folder / "case.json", status)) return false;
  try {
    core::openPreparedCase(folder);
    return true;
  } catch (const core::InputError&) {
    return false;
  }
}

/// A case whose own files are to blame, not the cache.
class BrokenCase : public core::InputError {
 public:
  using InputError::InputError;
};

template <class Read>
auto blamingTheCase(const Read& read) {
  try {
    return read();
  } catch (const core::InputError& error) {
    throw BrokenCase(error.where(), error.problem(), error.remedy());
  }
}

fs::path prepareOne(const DataSet& data, const CaseFiles& c, const PrepareOptions& options,
                    const fs::path& cache, MemoryGate& gate) {
  json source = blamingTheCase([&] { return sourceOf(data, c, options.preprocessing); });
  const fs::path folder = cache / "cases" / (safeName(c.id) + "-" + hashOf(source.dump()));
  if (isWhole(folder)) return folder;
  const MemoryGate::Pass pass(gate, memoryToRead(data, c, options.preprocessing.spacing));
  std::vector<std::string> notes;
  auto loaded = blamingTheCase([&] { return loadCase(data, c, options.preprocessing, &notes); });
  if (!notes.empty()) source["mended"] = notes;
  loaded.id = asUtf8(loaded.id).get<std::string>();
  core::writePreparedCase(folder, loaded, source);
  if (!isWhole(folder))
    throw core::InputError(folder.string(), "cannot be written",
                           "check that you may write there, or choose another --cache");
  return folder;
}

/// What killed processes left: folders named ".NAME.part-PROCESS-…" that nobody has touched for an hour.
void removeLeftovers(const fs::path& cases) {
  const auto hour_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  std::error_code status;
  for (const auto& entry : fs::directory_iterator(cases, status)) {
    const std::string name = entry.path().filename().string();
    if (name.front() != '.' || name.find(".part-") == std::string::npos) continue;
    const auto changed = entry.last_write_time(status);
    if (!status && changed < hour_ago) fs::remove_all(entry.path(), status);
  }
}

PreparedCases prepareAll(const DataSet& data, const std::vector<std::string>& ids,
                         const PrepareOptions& options, bool leave_out) {
  const fs::path cache = options.cache.empty() ? defaultCacheFolder() : options.cache;
  core::requireWritableFolder(cache / "cases");
  removeLeftovers(cache / "cases");
  std::vector<fs::path> folders(ids.size());
  std::vector<std::optional<BrokenCase>> broken(ids.size());
  std::mutex reporting;
  std::size_t done = 0;
  MemoryGate gate;
  forEachInParallel(ids.size(), options.threads, [&](std::size_t i) {
    if (options.cancel && *options.cancel)
      throw core::Interrupted("stopped while cases were prepared; those that are ready stay in the cache");
    try {
      folders[i] = prepareOne(data, findCase(data, ids[i]), options, cache, gate);
    } catch (const BrokenCase& error) {
      if (!leave_out) throw;
      broken[i] = error;
    }
    const std::lock_guard lock(reporting);
    ++done;
    if (options.progress) options.progress(done, ids.size(), ids[i]);
  });
  PreparedCases prepared;
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (broken[i])
      prepared.broken.push_back(core::namingCase(ids[i], *broken[i]));
    else
      prepared.entries.push_back({ids[i], folders[i]});
  return prepared;
}

}  // namespace

json fingerprintOf(const DataSet& data, const CaseFiles& files) {
  json found = json::object();
  if (data.phantom) {
    const auto& p = *data.phantom;
    found["phantom"] = {p.kind, core::toString(p.size), p.seed};
    return found;
  }
  for (const auto& image : files.images) found["images"].push_back(imageFingerprint(image, data));
  if (!files.labels.empty()) found["labels"] = fingerprint(files.labels);
  for (const auto& label : data.labels) found["values"].push_back(label.value);
  return found;
}

fs::path defaultCacheFolder() {
  if (const char* set = std::getenv("XDG_CACHE_HOME"); set && *set) return fs::path(set) / "rind";
  if (const char* home = std::getenv("HOME"); home && *home) return fs::path(home) / ".cache" / "rind";
  return fs::temp_directory_path() / "rind-cache";
}

std::vector<core::FolderCaseSource::Entry> prepare(const DataSet& data, const std::vector<std::string>& ids,
                                                   const PrepareOptions& options) {
  auto prepared = prepareAll(data, ids, options, /*leave_out=*/false);
  return std::move(prepared.entries);
}

PreparedCases prepareReadable(const DataSet& data, const std::vector<std::string>& ids,
                              const PrepareOptions& options) {
  return prepareAll(data, ids, options, /*leave_out=*/true);
}

// Case by case, because a walk down the whole tree ends or throws where another program takes one away.
std::uintmax_t cacheBytes(const fs::path& cache) {
  std::uintmax_t bytes = 0;
  std::error_code status;
  for (const auto& folder : fs::directory_iterator(cache / "cases", status))
    for (const auto& file : fs::directory_iterator(folder, status))
      if (const auto size = file.file_size(status); !status) bytes += size;
  return bytes;
}

void clearCache(const fs::path& cache) {
  std::error_code status;
  fs::remove_all(cache / "cases", status);
  if (status)
    throw core::InputError((cache / "cases").string(), "cannot be removed (" + status.message() + ")",
                           "check that you may write there");
}

}  // namespace rind::datasets
