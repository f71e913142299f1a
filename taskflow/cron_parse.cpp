#include "taskflow/cron_parse.hpp"

#include "config/text.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mfo::taskflow {

namespace {

using problem = cron_schedule::problem;

constexpr std::size_t max_text = 1024;

constexpr std::array<std::string_view, 12> month_names{
    "jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names{
    "sun", "mon", "tue", "wed", "thu", "fri", "sat"};

/// What may stand in a field.
struct field_rules {
  std::string_view name;
  unsigned min;
  unsigned max;
  unsigned last; ///< of `*` and of `5/10`: Sunday comes once
  std::span<const std::string_view> words; ///< of min, min + 1, …
};

constexpr std::array<field_rules, 5> all_fields{{
    {"minute", 0, 59, 59, {}},
    {"hour", 0, 23, 23, {}},
    {"day of month", 1, 31, 31, {}},
    {"month", 1, 12, 12, month_names},
    {"day of week", 0, 7, 6, weekday_names},
}};

/// As a day of the week.
constexpr unsigned sunday_again = 7;

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

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct field_value {
  std::uint64_t bits = 0;
  bool star = false; ///< there is a `*` in it
};

class field_reader {
public:
  field_reader(const field_rules& rules, std::string_view text,
               std::size_t offset)
    : rules_(rules), text_(text), offset_(offset) {}

  tl::expected<field_value, problem> read() {
    do {
      if (auto wrong = read_item())
        return tl::unexpected(std::move(*wrong));
    } while (take(','));
    if (at_ < text_.size())
      return tl::unexpected(
          wrong_at(at_, "this is more than a value, a range or a step"));
    if (is_weekday())
      value_.bits = (value_.bits | value_.bits >> sunday_again) & 0x7F;
    return value_;
  }

private:
  using number = tl::expected<unsigned, problem>;

  problem wrong_at(std::size_t at, std::string_view what,
                   std::string hint) const {
    return {offset_ + at, fmt::format("{}: {}", rules_.name, what),
            std::move(hint)};
  }

  problem wrong_at(std::size_t at, std::string_view what) const {
    auto hint = fmt::format("allowed are {} to {}", rules_.min, rules_.max);
    if (!rules_.words.empty())
      hint += fmt::format(" and {} to {}", rules_.words.front(),
                          rules_.words.back());
    return wrong_at(at, what, std::move(hint));
  }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c)
      return false;
    ++at_;
    return true;
  }

  template <class Predicate>
  std::string_view take_while(const Predicate& good) {
    const auto begin = at_;
    while (at_ < text_.size() && good(text_[at_]))
      ++at_;
    return text_.substr(begin, at_ - begin);
  }

  [[nodiscard]] bool is_weekday() const {
    return rules_.max == sunday_again;
  }

  /// `*`, `5`, `5-10`, each with `/2` behind it or not.
  std::optional<problem> read_item() {
    auto range = read_range();
    if (!range)
      return std::move(range.error());
    auto step = number(1);
    if (take('/'))
      step = read_step();
    if (!step)
      return std::move(step.error());
    for (auto value = range->first; value <= range->second; value += *step)
      value_.bits |= std::uint64_t{1} << value;
    return std::nullopt;
  }

  /// First and last.
  tl::expected<std::pair<unsigned, unsigned>, problem> read_range() {
    const auto begin = at_;
    if (take('*')) {
      value_.star = true;
      return std::pair{rules_.min, rules_.last};
    }
    auto first = read_value();
    if (!first)
      return tl::unexpected(std::move(first.error()));
    if (text_.substr(at_).starts_with('/'))
      return std::pair{*first % (rules_.last + 1), rules_.last};
    if (!take('-'))
      return std::pair{*first, *first};
    auto last = read_value();
    if (!last)
      return tl::unexpected(std::move(last.error()));
    if (is_weekday() && *last == 0 && *first > 0)
      last = sunday_again; // fri-sun
    else if (*first == sunday_again && is_weekday() && *last < *first)
      first = 0;
    if (*last < *first)
      return tl::unexpected(backwards(begin, *first, *last));
    return std::pair{*first, *last};
  }

  problem backwards(std::size_t begin, unsigned first, unsigned last) const {
    return wrong_at(
        begin,
        fmt::format("{} runs backwards", text_.substr(begin, at_ - begin)),
        fmt::format("write {}-{},{}-{}", first, rules_.last, rules_.min, last));
  }

  number read_value() {
    const auto begin = at_;
    if (const auto word = take_while(is_letter); !word.empty())
      return value_of(word, begin);
    const auto digits = take_while(is_digit);
    if (digits.empty())
      return tl::unexpected(
          text_.substr(at_).starts_with('?')
              ? wrong_at(at_, "? is not known here", "write *")
              : wrong_at(at_, "a value is missing"));
    return bounded(digits, begin, rules_.min, "");
  }

  number read_step() {
    const auto begin = at_;
    const auto digits = take_while(is_digit);
    if (digits.empty())
      return tl::unexpected(
          wrong_at(begin, "a number is missing after the /", step_hint()));
    return bounded(digits, begin, 1, "the step ");
  }

  std::string step_hint() const {
    return fmt::format("a step is 1 to {}", rules_.max);
  }

  number bounded(std::string_view digits, std::size_t begin, unsigned min,
                 std::string_view what) const {
    constexpr std::size_t longest_shown = 10;
    unsigned value = 0;
    for (const char digit : digits)
      value = std::min(value * 10 + static_cast<unsigned>(digit - '0'), 1000u);
    if (value >= min && value <= rules_.max)
      return value;
    const auto message = fmt::format(
        "{}{} is {} than {}", what,
        digits.size() > longest_shown ? "this number" : digits,
        value < min ? "less" : "more", value < min ? min : rules_.max);
    return tl::unexpected(what.empty() ? wrong_at(begin, message)
                                       : wrong_at(begin, message, step_hint()));
  }

  number value_of(std::string_view word, std::size_t begin) const {
    const auto lower = core::lower_case(word);
    const auto is_start = [&](std::string_view name) {
      return lower.starts_with(name);
    };
    const auto found = std::ranges::find_if(rules_.words, is_start);
    if (found == rules_.words.end())
      return tl::unexpected(wrong_at(begin, not_a_value(word)));
    if (lower.size() > found->size())
      return tl::unexpected(wrong_at(begin, not_a_value(word),
                                     fmt::format("did you mean {}?", *found)));
    return rules_.min + static_cast<unsigned>(found - rules_.words.begin());
  }

  static std::string not_a_value(std::string_view word) {
    constexpr std::size_t longest_shown = 16;
    return word.size() > longest_shown
               ? "this word is not known here"
               : fmt::format("{} is not known here", word);
  }

  const field_rules& rules_;
  std::string_view text_;
  std::size_t offset_; ///< of the field in the whole text
  std::size_t at_ = 0;
  field_value value_;
};

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
  if (text.size() > max_text)
    return fail(max_text, "the schedule is longer than 1 KiB", "");
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
  std::array<field_value, all_fields.size()> values;
  for (std::size_t i = 0; i < std::min(words.size(), all_fields.size()); ++i) {
    auto value =
        field_reader(all_fields[i], words[i].text, words[i].offset).read();
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
