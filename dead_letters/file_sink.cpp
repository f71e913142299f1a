#include "dead_letters/file_sink.hpp"

#include "dead_letters/letter_json.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace mfo::dead_letters {

/// A file that letters are appended to.
struct file_sink::open_file {
  std::uint64_t number = 0;
  descriptor file;
  std::uint64_t size = 0; ///< bytes of whole lines
};

namespace {

/// What follows the last newline.
struct tail {
  std::uint64_t offset = 0;
  std::string text;
};

tl::expected<tail, std::string>
read_tail(const descriptor& file, const std::string& path, std::uint64_t size) {
  constexpr std::uint64_t step = 64 * 1024;
  tail found{size, {}};
  while (found.offset > 0) {
    const auto length = std::min(step, found.offset);
    std::string piece(length, '\0');
    const auto from = found.offset - length;
    const auto got =
        ::pread(file.get(), piece.data(), length, static_cast<off_t>(from));
    if (got < 0 && errno == EINTR)
      continue;
    if (got != static_cast<ssize_t>(length))
      return system_failure(path, got < 0 ? errno : EIO);
    const auto newline = piece.rfind('\n');
    const auto begin = newline == std::string::npos ? 0 : newline + 1;
    found.text.insert(0, piece, begin);
    found.offset = from + begin;
    if (newline != std::string::npos)
      break;
  }
  return found;
}

/// Ends what a crash tore: a whole letter gets its newline, half a one, which
/// nobody was told to be written, goes. Gives the new size.
tl::expected<std::uint64_t, std::string>
repair(const descriptor& file, const std::string& path, std::uint64_t size) {
  const auto torn = read_tail(file, path, size);
  if (!torn)
    return tl::unexpected(torn.error());
  if (torn->text.empty())
    return size;
  if (parse_letter(torn->text)) {
    if (auto ended = append_durably(file, path, size, "\n"); !ended)
      return tl::unexpected(std::move(ended.error()));
    return size + 1;
  }
  if (::ftruncate(file.get(), static_cast<off_t>(torn->offset)) != 0)
    return system_failure(path, errno);
  return torn->offset;
}

} // namespace

tl::expected<file_sink::open_file, std::string>
file_sink::newest(const letter_folder& folder,
                  const std::vector<data_file>& files) const {
  const auto number = files.empty() ? 1 : files.back().number;
  if (files.empty() || files.back().size == 0) {
    auto made = folder.make_data(number);
    if (!made)
      return tl::unexpected(std::move(made.error()));
    return open_file{number, std::move(*made), 0};
  }
  const auto path = folder.data_path(number);
  auto found = folder.open_data(number, true);
  if (!found)
    return tl::unexpected(std::move(found.error()));
  if (!*found)
    return system_failure(path, ENOENT);
  const auto size = repair(**found, path, files.back().size);
  if (!size)
    return tl::unexpected(size.error());
  return open_file{number, std::move(**found), *size};
}

done file_sink::append(const letter_folder& folder, open_file current,
                       const std::vector<std::string>& lines) const {
  std::string batch;
  for (std::size_t i = 0; i <= lines.size(); ++i) {
    const bool last = i == lines.size();
    const auto size = current.size + batch.size();
    const bool fits =
        last || size == 0 || size + lines[i].size() <= settings_.max_file_size;
    if ((last || !fits) && !batch.empty()) {
      if (auto appended =
              append_durably(current.file, folder.data_path(current.number),
                             current.size, batch);
          !appended)
        return appended;
      batch.clear();
    }
    if (!fits) {
      auto next = folder.make_data(current.number + 1);
      if (!next)
        return tl::unexpected(std::move(next.error()));
      current = {current.number + 1, std::move(*next), 0};
    }
    if (!last)
      batch += lines[i];
  }
  return {};
}

done file_sink::prepare() {
  const auto folder = letter_folder::make(settings_.path);
  if (!folder)
    return tl::unexpected(folder.error());
  if (auto writable = folder->check_writable(); !writable)
    return writable;
  // What is in it may be another user's.
  const auto lock = folder->lock(settings_.timeout);
  if (!lock)
    return tl::unexpected(lock.error());
  const auto files = folder->files();
  if (!files)
    return tl::unexpected(files.error());
  if (files->empty())
    return {};
  const auto newest = folder->open_data(files->back().number, true);
  return newest ? done{} : tl::unexpected(newest.error());
}

done file_sink::probe() {
  if (auto prepared = prepare(); !prepared)
    return prepared;
  const auto folder = letter_folder::make(settings_.path);
  if (!folder)
    return tl::unexpected(folder.error());
  const auto files = folder->files();
  return files ? has_room(*files, 1) : tl::unexpected(files.error());
}

done file_sink::has_room(const std::vector<data_file>& files,
                         std::uint64_t wanted) const {
  std::uint64_t used = 0;
  for (const auto& each : files)
    used += each.size;
  if (used + wanted <= settings_.max_size)
    return {};
  return tl::unexpected(fmt::format(
      "{} is full: {} of {} bytes are taken and {} are wanted; replay or "
      "purge letters, or raise max_size",
      settings_.path, used, settings_.max_size, wanted));
}

done file_sink::write(std::span<const letter_ptr> letters) {
  std::vector<std::string> lines;
  std::uint64_t wanted = 0;
  for (const auto& each : letters) {
    lines.push_back(to_json(*each) + '\n');
    wanted += lines.back().size();
  }
  const auto folder = letter_folder::make(settings_.path);
  if (!folder)
    return tl::unexpected(folder.error());
  const auto lock = folder->lock(settings_.timeout);
  if (!lock)
    return tl::unexpected(lock.error());
  const auto files = folder->files();
  if (!files)
    return tl::unexpected(files.error());
  if (auto room = has_room(*files, wanted); !room)
    return room;
  auto current = newest(*folder, *files);
  if (!current)
    return tl::unexpected(std::move(current.error()));
  return append(*folder, std::move(*current), lines);
}

} // namespace mfo::dead_letters
