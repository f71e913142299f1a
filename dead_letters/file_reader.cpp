#include "dead_letters/file_reader.hpp"

#include "config/units.hpp"
#include "dead_letters/letter_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace mfo::dead_letters {

namespace {

struct position {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
};

tl::expected<position, std::string> parse_handle(const std::string& handle) {
  const std::string_view text{handle};
  const auto colon = std::min(text.find(':'), text.size());
  const auto number = config::parse_integer(text.substr(0, colon));
  const auto offset =
      config::parse_integer(text.substr(std::min(colon + 1, text.size())));
  if (number && offset)
    return position{*number, *offset};
  return tl::unexpected(fmt::format("{} names no letter", handle));
}

/// What a line of a file is.
enum class line_kind { gone, letter, unreadable, nothing };

struct seen_line {
  line_kind kind = line_kind::nothing;
  position at;
  const letter* value = nullptr; ///< of a letter
  std::string why;               ///< it is unreadable
};

/// Shows the lines of one file; false: `take` wants no more.
tl::expected<bool, std::string>
walk(const letter_folder& folder, std::uint64_t number,
     const std::function<bool(const seen_line&)>& take) {
  const auto file = folder.open_data(number, false);
  if (!file)
    return tl::unexpected(file.error());
  if (!*file)
    return true; // removed since the folder was read
  const auto gone = folder.marks(number);
  if (!gone)
    return tl::unexpected(gone.error());
  // Its marks may have been removed with it, but never before it.
  const auto removed = is_removed(**file, folder.data_path(number));
  if (!removed || *removed)
    return removed ? tl::expected<bool, std::string>{true} : removed;
  bool go_on = true;
  auto read = for_each_line(
      **file, folder.data_path(number),
      [&](std::uint64_t offset, std::string_view line, bool whole) {
        seen_line seen{line_kind::gone, {number, offset}, nullptr, {}};
        if (gone->contains(offset))
          return go_on = take(seen);
        const auto value = parse_letter(line);
        // Half a last line is being written, or a crash tore it: nobody was
        // told that it is there.
        seen.kind = value                    ? line_kind::letter
                    : line.empty() || !whole ? line_kind::nothing
                                             : line_kind::unreadable;
        if (value)
          seen.value = &*value;
        else
          seen.why = value.error();
        return go_on = take(seen);
      });
  if (!read)
    return tl::unexpected(std::move(read.error()));
  return go_on;
}

/// Whether no line of the file is of use any more, once those are gone that
/// begin at `more`.
tl::expected<bool, std::string>
is_spent(const letter_folder& folder, const data_file& file,
         const std::set<std::uint64_t>& more = {}) {
  auto walked = walk(folder, file.number, [&more](const seen_line& seen) {
    return seen.kind == line_kind::gone || more.contains(seen.at.offset);
  });
  if (!walked)
    return walked;
  return file.size > 0 && *walked;
}

/// Removes a file that was spent when it had this size, unless it has grown.
done remove_spent(const letter_folder& folder, const data_file& spent,
                  std::chrono::milliseconds timeout) {
  const auto lock = folder.lock(timeout);
  if (!lock)
    return tl::unexpected(lock.error());
  const auto files = folder.files();
  if (!files)
    return tl::unexpected(files.error());
  for (const auto& each : *files) {
    if (each.number != spent.number || each.size != spent.size)
      continue;
    // The next letter must not get the name of one that was.
    if (each.number == files->back().number)
      if (const auto next = folder.make_data(each.number + 1); !next)
        return tl::unexpected(next.error());
    return folder.remove_data(each.number);
  }
  return {};
}

/// Marks letters of a file as gone. A full disk has no room for a mark, and
/// room on it is what a purge is to make: then, if no other letters are in the
/// file, the whole file goes.
done mark(const letter_folder& folder, std::uint64_t number,
          const std::vector<std::uint64_t>& offsets,
          std::chrono::milliseconds timeout) {
  auto marked = folder.mark(number, offsets, timeout);
  if (marked)
    return marked;
  const auto files = folder.files();
  if (!files)
    return marked;
  const auto file = std::ranges::find(*files, number, &data_file::number);
  if (file == files->end())
    return {}; // with all its letters
  const auto spent = is_spent(folder, *file, {offsets.begin(), offsets.end()});
  if (!spent || !*spent)
    return marked;
  return remove_spent(folder, *file, timeout);
}

} // namespace

tl::expected<walk_report, std::string>
file_reader::for_each(const visitor& visit) {
  walk_report report;
  const auto folder = letter_folder::open(path_);
  if (!folder)
    return tl::unexpected(folder.error());
  if (!*folder)
    return report;
  const auto files = (*folder)->files();
  if (!files)
    return tl::unexpected(files.error());
  const auto take = [&](const seen_line& seen) {
    if (seen.kind == line_kind::unreadable && report.unreadable++ == 0)
      report.first_unreadable =
          fmt::format("{}, byte {}: {}", (*folder)->data_path(seen.at.number),
                      seen.at.offset, seen.why);
    return seen.kind != line_kind::letter ||
           visit(fmt::format("{}:{}", seen.at.number, seen.at.offset),
                 *seen.value) == next::letter;
  };
  for (const auto& each : *files) {
    const auto walked = walk(**folder, each.number, take);
    if (!walked)
      return tl::unexpected(walked.error());
    if (!*walked)
      break;
  }
  return report;
}

done file_reader::mark_replayed(const std::string& handle) {
  return purge({&handle, 1});
}

done file_reader::purge(std::span<const std::string> handles) {
  std::map<std::uint64_t, std::vector<std::uint64_t>> by_file;
  for (const auto& each : handles) {
    const auto at = parse_handle(each);
    if (!at)
      return tl::unexpected(at.error());
    by_file[at->number].push_back(at->offset);
  }
  const auto folder = letter_folder::open(path_);
  if (!folder)
    return tl::unexpected(folder.error());
  if (!*folder)
    return {};
  for (const auto& [number, offsets] : by_file)
    if (auto marked = mark(**folder, number, offsets, timeout_); !marked)
      return marked;
  return {};
}

done file_reader::tidy() {
  const auto folder = letter_folder::open(path_);
  if (!folder)
    return tl::unexpected(folder.error());
  if (!*folder)
    return {};
  const auto files = (*folder)->files();
  if (!files)
    return tl::unexpected(files.error());
  for (const auto& each : *files) {
    // Without the lock: reading a file takes longer than a writer may wait.
    const auto spent = is_spent(**folder, each);
    if (!spent)
      return tl::unexpected(spent.error());
    if (*spent)
      if (auto removed = remove_spent(**folder, each, timeout_); !removed)
        return removed;
  }
  return {};
}

} // namespace mfo::dead_letters
