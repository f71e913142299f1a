#include "taskflow/schedule/cron_field.hpp"

#include "config/characters.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace mfo::taskflow {

namespace {

using config::is_digit;
using config::is_letter;

using problem = cron_schedule::problem;

/// As a day of the week.
constexpr unsigned sunday_again = 7;

class field_reader {
public:
  field_reader(const cron_field_rules& rules, std::string_view text,
               std::size_t offset)
    : rules_(rules), text_(text), offset_(offset) {}

  tl::expected<cron_field_value, problem> read() {
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

  const cron_field_rules& rules_;
  std::string_view text_;
  std::size_t offset_; ///< of the field in the whole text
  std::size_t at_ = 0;
  cron_field_value value_;
};

} // namespace

tl::expected<cron_field_value, problem>
read_cron_field(const cron_field_rules& rules, std::string_view text,
                std::size_t offset) {
  return field_reader(rules, text, offset).read();
}

} // namespace mfo::taskflow
