#include "dead_letters/letter_folder.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <thread>

namespace mfo::dead_letters {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "letters-";
constexpr std::string_view suffix = ".jsonl";

/// Bytes of one mark: an offset of a width that never changes, so that a torn
/// one cannot be taken for another, and a newline.
constexpr std::size_t mark_width = 17;

std::optional<std::uint64_t> to_number(std::string_view digits) {
  std::uint64_t number = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stop != end)
    return std::nullopt;
  return number;
}

std::optional<std::uint64_t> number_of(std::string_view name) {
  if (!name.starts_with(prefix) || !name.ends_with(suffix))
    return std::nullopt;
  name.remove_prefix(prefix.size());
  name.remove_suffix(suffix.size());
  return to_number(name);
}

/// Opens a folder; nothing where it is missing.
tl::expected<std::optional<descriptor>, std::string>
open_folder(const std::string& path) {
  descriptor folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder)
    return std::optional{std::move(folder)};
  if (errno == ENOENT)
    return std::optional<descriptor>{};
  return system_failure(path, errno);
}

/// Makes what is missing of the path, each part for its owner alone, since
/// letters hold what senders sent.
done make_folders(const fs::path& path) {
  fs::path so_far;
  for (const auto& part : path) {
    const auto parent = so_far;
    so_far /= part;
    if (::mkdir(so_far.c_str(), 0700) == 0) {
      auto folder = open_folder(parent.empty() ? "." : parent.string());
      if (folder && *folder)
        if (auto synced = sync_folder(**folder, parent.string()); !synced)
          return synced;
    } else if (errno != EEXIST && !fs::is_directory(so_far)) {
      return system_failure(so_far.string(), errno);
    }
  }
  return {};
}

} // namespace

tl::expected<letter_folder, std::string>
letter_folder::make(const std::string& path) {
  auto found = open_folder(path);
  if (found && !*found) {
    if (auto made = make_folders(path); !made)
      return tl::unexpected(std::move(made.error()));
    found = open_folder(path);
  }
  if (!found)
    return tl::unexpected(std::move(found.error()));
  if (!*found)
    return system_failure(path, ENOENT);
  return letter_folder{path, std::move(**found)};
}

tl::expected<std::optional<letter_folder>, std::string>
letter_folder::open(const std::string& path) {
  auto found = open_folder(path);
  if (!found)
    return tl::unexpected(std::move(found.error()));
  if (!*found)
    return std::optional<letter_folder>{};
  return std::optional{letter_folder{path, std::move(**found)}};
}

done letter_folder::check_writable() const {
  if (::faccessat(folder_.get(), ".", W_OK | X_OK, AT_EACCESS) != 0)
    return system_failure(path_, errno);
  return {};
}

tl::expected<descriptor, std::string>
letter_folder::lock(std::chrono::milliseconds timeout) const {
  const auto path = path_ + "/lock";
  descriptor file{
      ::openat(folder_.get(), "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (!file)
    return system_failure(path, errno);
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return system_failure(path, errno);
    if (std::chrono::steady_clock::now() >= end)
      return tl::unexpected(fmt::format(
          "{}: another process has held it for {} ms", path, timeout.count()));
    // flock(2) waits without an end or not at all.
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return file;
}

tl::expected<std::vector<data_file>, std::string> letter_folder::files() const {
  std::vector<data_file> found;
  std::error_code error;
  fs::directory_iterator entry{path_, error};
  for (; !error && entry != fs::directory_iterator{}; entry.increment(error)) {
    const auto number = number_of(entry->path().filename().string());
    if (!number)
      continue;
    std::error_code gone;
    const auto size = entry->file_size(gone);
    if (!gone)
      found.push_back({*number, size});
  }
  if (error)
    return tl::unexpected(fmt::format("{}: {}", path_, error.message()));
  std::ranges::sort(found, {}, &data_file::number);
  return found;
}

tl::expected<std::optional<descriptor>, std::string>
letter_folder::open_file(const std::string& path, int flags) const {
  descriptor file{::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (file)
    return std::optional{std::move(file)};
  if (errno == ENOENT)
    return std::optional<descriptor>{};
  return system_failure(path, errno);
}

tl::expected<std::optional<descriptor>, std::string>
letter_folder::open_data(std::uint64_t number, bool writing) const {
  return open_file(data_path(number), writing ? O_RDWR : O_RDONLY);
}

tl::expected<descriptor, std::string>
letter_folder::make_data(std::uint64_t number) const {
  const auto path = data_path(number);
  auto file = open_file(path, O_RDWR | O_CREAT);
  if (!file)
    return tl::unexpected(std::move(file.error()));
  if (!*file)
    return system_failure(path, ENOENT);
  if (auto synced = sync_folder(folder_, path_); !synced)
    return tl::unexpected(std::move(synced.error()));
  return std::move(**file);
}

done letter_folder::remove_data(std::uint64_t number) const {
  // First the letters: without its marks, a file would give them back.
  for (const auto& path : {data_path(number), marks_path(number)}) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
      return system_failure(path, errno);
    if (auto synced = sync_folder(folder_, path_); !synced)
      return synced;
  }
  return {};
}

done letter_folder::mark(std::uint64_t number,
                         const std::vector<std::uint64_t>& offsets,
                         std::chrono::milliseconds timeout) const {
  const auto held = lock(timeout);
  if (!held)
    return tl::unexpected(held.error());
  const auto data = open_data(number, false);
  if (!data)
    return tl::unexpected(data.error());
  if (!*data)
    return {}; // removed, as all its letters were gone
  const auto path = marks_path(number);
  auto file = open_file(path, O_RDWR | O_CREAT);
  if (!file || !*file)
    return file ? system_failure(path, ENOENT)
                : tl::unexpected(std::move(file.error()));
  const auto size = size_of(**file, path);
  if (!size)
    return tl::unexpected(size.error());
  if (*size == 0)
    if (auto synced = sync_folder(folder_, path_); !synced)
      return synced;
  std::string lines;
  for (const auto offset : offsets)
    lines += fmt::format("{:016}\n", offset);
  // What a crash tore is written over, up to the next multiple.
  const auto whole = *size - *size % mark_width;
  return append_durably(**file, path, whole, lines);
}

tl::expected<std::set<std::uint64_t>, std::string>
letter_folder::marks(std::uint64_t number) const {
  std::set<std::uint64_t> found;
  const auto path = marks_path(number);
  const auto file = open_file(path, O_RDONLY);
  if (!file)
    return tl::unexpected(file.error());
  if (!*file)
    return found;
  auto read = for_each_line(
      **file, path, [&](std::uint64_t, std::string_view line, bool whole) {
        if (whole && line.size() + 1 == mark_width)
          if (const auto offset = to_number(line))
            found.insert(*offset);
        return true;
      });
  if (!read)
    return tl::unexpected(std::move(read.error()));
  return found;
}

std::string letter_folder::data_path(std::uint64_t number) const {
  return fmt::format("{}/{}{:08}{}", path_, prefix, number, suffix);
}

std::string letter_folder::marks_path(std::uint64_t number) const {
  return fmt::format("{}/{}{:08}.done", path_, prefix, number);
}

} // namespace mfo::dead_letters
