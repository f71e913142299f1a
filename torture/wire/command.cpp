#include "torture/wire/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace mfo::wire {

namespace {

using failed = tl::unexpected<std::string>;
using words = std::vector<std::string_view>;

words words_of(std::string_view line) {
  words found;
  while (!line.empty()) {
    const auto end = std::min(line.find(' '), line.size());
    if (end > 0)
      found.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return found;
}

/// From 0 to `most`.
template <class Number>
std::optional<Number> number_of(std::string_view word, Number most) {
  Number value{};
  const auto* const end = word.data() + word.size();
  const auto done = std::from_chars(word.data(), end, value);
  if (done.ec != std::errc{} || done.ptr != end || !(value >= 0) ||
      value > most)
    return std::nullopt;
  return value;
}

bool read_loss(std::string_view probability, rule& given) {
  const auto value = number_of(probability, 1.0);
  given.loss = value.value_or(0);
  return value.has_value();
}

bool read_delay(std::string_view min, std::string_view max, rule& given) {
  const auto longest = longest_delay.count();
  const auto least = number_of(min, longest);
  const auto most = number_of(max, longest);
  if (!least || !most || *least > *most)
    return false;
  given.min_delay = std::chrono::milliseconds{*least};
  given.max_delay = std::chrono::milliseconds{*most};
  return true;
}

tl::expected<rule, std::string> parse_rule(const words& line,
                                           std::size_t next) {
  rule given;
  while (next < line.size()) {
    const auto rest = line.size() - next;
    if (line[next] == "loss" && rest >= 2) {
      if (!read_loss(line[next + 1], given))
        return failed{"a loss is from 0 to 1"};
      next += 2;
    } else if (line[next] == "delay" && rest >= 3) {
      if (!read_delay(line[next + 1], line[next + 2], given))
        return failed{fmt::format("a delay has two figures, ms, the larger "
                                  "last, up to {}",
                                  longest_delay.count())};
      next += 3;
    } else {
      return failed{fmt::format("what is \"{}\"?", line[next])};
    }
  }
  return given;
}

} // namespace

tl::expected<command, std::string> parse_command(std::string_view line) {
  const auto all = words_of(line);
  command parsed;
  if (all.size() == 1 && all[0] == "heal")
    return parsed;
  parsed.what = command::kind::stats;
  if (all.size() == 1 && all[0] == "stats")
    return parsed;
  parsed.what = command::kind::set;
  if (all.size() == 3 && all[0] == "cut")
    parsed.given.cut = true;
  else if (all.size() < 3 || all[0] != "rule")
    return failed{"it is none of rule FROM TO …, cut FROM TO, heal, stats"};
  parsed.from = all[1];
  parsed.to = all[2];
  return parse_rule(all, 3).map([&](const rule& given) {
    if (!parsed.given.cut)
      parsed.given = given;
    return parsed;
  });
}

} // namespace mfo::wire
