#include "dead_letters/redis_reader.hpp"

#include "dead_letters/letter_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace mfo::dead_letters {

namespace {

/// Entries of one page: large letters must fit into memory all at once.
constexpr std::string_view page_length = "32";

/// Ids of one XDEL.
constexpr std::size_t purge_length = 512;

std::string_view text_of(const redisReply& value) {
  return value.type == REDIS_REPLY_STRING
             ? std::string_view{value.str, value.len}
             : std::string_view{};
}

std::span<redisReply* const> elements(const redisReply& value) {
  if (value.type != REDIS_REPLY_ARRAY)
    return {};
  return {value.element, value.elements};
}

struct entry {
  std::string id;
  tl::expected<letter, std::string> value;
};

/// An entry is a pair: its id, and its fields, names and values in turn.
entry read_entry(const redisReply& from) {
  const auto parts = elements(from);
  if (parts.size() != 2)
    return {{}, tl::unexpected(std::string{"it is no entry of a stream"})};
  entry result{std::string{text_of(*parts[0])},
               tl::unexpected(std::string{"it has no field letter"})};
  const auto fields = elements(*parts[1]);
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
    if (text_of(*fields[i]) == redis_field)
      result.value = parse_letter(text_of(*fields[i + 1]));
  return result;
}

} // namespace

tl::expected<redis_connection::reply, std::string>
redis_reader::ask(std::span<const std::string_view> words) {
  if (!connection_ || !connection_->usable()) {
    connection_.reset();
    auto made = redis_connection::open(settings_.server, settings_.timeout);
    if (!made)
      return tl::unexpected(std::move(made.error()));
    connection_.emplace(std::move(*made));
  }
  return connection_->command(words);
}

tl::expected<walk_report, std::string>
redis_reader::for_each(const visitor& visit) {
  walk_report report;
  std::string from = "-";
  for (;;) {
    const auto page = ask(std::array<std::string_view, 6>{
        "XRANGE", settings_.stream, from, "+", "COUNT", page_length});
    if (!page)
      return tl::unexpected(page.error());
    const auto entries = elements(**page);
    if (entries.empty())
      return report;
    for (const auto* each : entries) {
      const auto one = read_entry(*each);
      from = "(" + one.id; // behind it: redis 6.2
      if (!one.value) {
        if (report.unreadable++ == 0)
          report.first_unreadable = fmt::format(
              "{} of {}: {}", one.id, settings_.stream, one.value.error());
      } else if (visit(one.id, *one.value) == next::stop) {
        return report;
      }
    }
  }
}

done redis_reader::mark_replayed(const std::string& handle) {
  return purge({&handle, 1});
}

done redis_reader::purge(std::span<const std::string> handles) {
  while (!handles.empty()) {
    const auto some = handles.first(std::min(handles.size(), purge_length));
    handles = handles.subspan(some.size());
    std::vector<std::string_view> words{"XDEL", settings_.stream};
    words.insert(words.end(), some.begin(), some.end());
    if (auto answer = ask(words); !answer)
      return tl::unexpected(std::move(answer.error()));
  }
  return {};
}

} // namespace mfo::dead_letters
