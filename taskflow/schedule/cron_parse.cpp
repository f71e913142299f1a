#include "taskflow/schedule/cron_parse.hpp"

#include "config/characters.hpp"
#include "config/text.hpp"
#include "core/text.hpp"
#include "taskflow/schedule/cron_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace mfo::taskflow {

namespace {

using config::is_blank;

using problem = cron_schedule::problem;

constexpr std::size_t max_schedule = 1024;

constexpr std::array<std::string_view, 12> month_names{
    "jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names{
    "sun", "mon", "tue", "wed", "thu", "fri", "sat"};

constexpr std::array<cron_field_rules, 5> all_fields{{
    {"minute", 0, 59, 59, {}},
    {"hour", 0, 23, 23, {}},
    {"day of month", 1, 31, 31, {}},
    {"month", 1, 12, 12, month_names},
    {"day of week", 0, 7, 6, weekday_names},
}};

constexpr std::string_view field_list =
    "minute, hour, day of month, month, day of week";

constexpr std::array<std::pair<std::string_view, std::string_view>, 7>
    short_forms{{
        {"@hourly", "0 * * * *"},
        {"@daily", "0 0 * * *"},
        {"@midnight", "0 0 * * *"},
        {"@weekly", "0 0 * * 0"},
        {"@monthly", "0 0 1 * *"},
        {"@yearly", "0 0 1 1 *"},
        {"@annually", "0 0 1 1 *"},
    }};

struct word {
  std::string_view text;
  std::size_t offset;
};

std::vector<word> split(std::string_view text) {
  std::vector<word> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto begin = at;
    while (at < text.size() && !is_blank(text[at]))
      ++at;
    if (at > begin)
      words.push_back({text.substr(begin, at - begin), begin});
    else
      ++at;
  }
  return words;
}

tl::expected<std::string_view, problem> expand(const std::vector<word>& words) {
  const auto form = core::lower_case(words.front().text);
  const auto found = std::ranges::find(
      short_forms, form, &std::pair<std::string_view, std::string_view>::first);
  if (found != short_forms.end()) {
    if (words.size() == 1)
      return found->second;
    return tl::unexpected(problem{words[1].offset,
                                  "nothing may follow a short form",
                                  fmt::format("write {} alone", form)});
  }
  std::vector<std::string_view> names;
  for (const auto& [name, meaning] : short_forms)
    names.push_back(name);
  const auto near = config::nearest(form, names);
  return tl::unexpected(
      problem{words.front().offset, "this is not a short form",
              near ? fmt::format("did you mean {}?", *near)
                   : fmt::format("there are {}", fmt::join(names, ", "))});
}

} // namespace

tl::expected<cron_fields, problem> parse_cron(std::string_view text) {
  const auto fail = [](std::size_t offset, std::string message,
                       std::string hint) {
    return tl::unexpected(problem{offset, std::move(message), std::move(hint)});
  };
  if (text.size() > max_schedule)
    return fail(max_schedule, "the schedule is longer than 1 KiB", "");
  const auto words = split(text);
  if (words.empty())
    return fail(0, "the schedule is empty",
                fmt::format("write five fields: {}", field_list));
  if (words.front().text.starts_with('@')) {
    const auto expanded = expand(words);
    if (!expanded)
      return tl::unexpected(expanded.error());
    return parse_cron(*expanded);
  }
  std::array<cron_field_value, all_fields.size()> values;
  for (std::size_t i = 0; i < std::min(words.size(), all_fields.size()); ++i) {
    auto value = read_cron_field(all_fields[i], words[i].text, words[i].offset);
    if (!value)
      return tl::unexpected(std::move(value.error()));
    values[i] = *value;
  }
  if (words.size() < all_fields.size())
    return fail(text.size(),
                fmt::format("the {} is missing", all_fields[words.size()].name),
                fmt::format("there are five fields: {}", field_list));
  if (words.size() > all_fields.size())
    return fail(words[all_fields.size()].offset, "this is a sixth field",
                fmt::format("there are five, without seconds or a year: {}",
                            field_list));
  const auto& [minute, hour, day, month, weekday] = values;
  return cron_fields{minute.bits,
                     hour.bits,
                     day.bits,
                     month.bits,
                     weekday.bits,
                     !day.star && !weekday.star,
                     minute.star || hour.star};
}

} // namespace mfo::taskflow
