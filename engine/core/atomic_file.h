#pragma once

#include <filesystem>
#include <functional>
#include <ostream>
#include <string_view>

namespace rind::core {

/// Writes a file whole or not at all: `write` fills a temporary file in the same folder, which is flushed to
/// the disk and renamed over `path`. A killed process or a full disk leaves what was there before. Throws
/// InputError naming `path` when the folder cannot be written or the disk is full.
void writeFileWhole(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write);

void writeFileWhole(const std::filesystem::path& path, std::string_view content);

/// The same for writers that insist on a file name of their own: `write` is given a temporary name with the
/// same extension in the same folder; its file is flushed and renamed over `path`.
void writeNamedFileWhole(const std::filesystem::path& path,
                         const std::function<void(const std::filesystem::path&)>& write);

/// The same for a folder with all that is in it: `write` fills a temporary folder beside `path`, which then
/// takes its name. A folder of that name is exchanged whole and removed afterwards; a file is refused. Throws
/// InputError naming `path`.
void writeFolderWhole(const std::filesystem::path& path,
                      const std::function<void(const std::filesystem::path&)>& write);

/// Makes `folder` and its parents and checks that a file can be made in it. Throws InputError naming
/// `folder`.
void requireWritableFolder(const std::filesystem::path& folder);

/// Throws what went wrong with writing `path`: DiskFull, or InputError with the system's words for `error`
/// (errno).
[[noreturn]] void throwCannotWrite(const std::filesystem::path& path, int error);

/// Waits until a file's content, or a folder's list of names, is on the disk. Throws like throwCannotWrite
/// where the disk says that it is not; what is not there, or cannot be asked, is left alone.
void flushToDisk(const std::filesystem::path& path);

/// Reads a whole file. Throws InputError naming `path`.
std::string readFile(const std::filesystem::path& path);

}  // namespace rind::core
