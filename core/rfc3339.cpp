#include "core/rfc3339.hpp"

#include "core/decimal.hpp"

#include <cstdlib>

namespace mfo::core {

namespace {

/// Takes parts off the front of a text; once one is missing, all are.
class scanner {
public:
  explicit scanner(std::string_view text) : rest_(text) {}

  /// Exactly so many digits.
  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i)
      value = value * 10 + digit();
    return value;
  }

  bool one_of(std::string_view characters) {
    const bool found =
        !rest_.empty() && characters.find(rest_.front()) != characters.npos;
    if (found)
      rest_.remove_prefix(1);
    return found;
  }

  void expect(std::string_view characters) {
    good_ = one_of(characters) && good_;
  }

  bool at_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }

  int digit() {
    if (!at_digit()) {
      good_ = false;
      return 0;
    }
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  bool done() const {
    return good_ && rest_.empty();
  }

private:
  std::string_view rest_;
  bool good_ = true;
};

/// What stands behind the point; 0 without one.
std::chrono::milliseconds fraction(scanner& from) {
  if (!from.one_of("."))
    return std::chrono::milliseconds{0};
  int value = from.digit() * 100;
  for (int weight = 10; from.at_digit(); weight /= 10)
    value += from.digit() * weight;
  return std::chrono::milliseconds{value};
}

struct utc_offset {
  std::chrono::minutes value{0};
  bool valid = true;
};

utc_offset offset(scanner& from) {
  if (from.one_of("Zz"))
    return {};
  const bool west = from.one_of("-");
  if (!west)
    from.expect("+");
  const int hours = from.number(2);
  from.expect(":");
  const int minutes = from.number(2);
  const std::chrono::minutes value{hours * 60 + minutes};
  return {west ? -value : value, hours < 24 && minutes < 60};
}

} // namespace

void append_rfc3339(std::string& out, std::chrono::milliseconds unix_time) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{unix_time};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  const auto year = static_cast<int>(date.year());
  const auto part = [&out](char before, auto value, std::size_t digits) {
    out += before;
    append_decimal(out, static_cast<unsigned>(value), digits);
  };
  if (year < 0)
    out += '-';
  append_decimal(out, static_cast<unsigned>(std::abs(year)), 4);
  part('-', static_cast<unsigned>(date.month()), 2);
  part('-', static_cast<unsigned>(date.day()), 2);
  part('T', time.hours().count(), 2);
  part(':', time.minutes().count(), 2);
  part(':', time.seconds().count(), 2);
  part('.', time.subseconds().count(), 3);
  out += 'Z';
}

std::string to_rfc3339(std::chrono::milliseconds unix_time) {
  constexpr std::size_t usual_size = 24;
  std::string out;
  out.reserve(usual_size);
  append_rfc3339(out, unix_time);
  return out;
}

std::optional<std::chrono::milliseconds> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  scanner from{text};
  const year y{from.number(4)};
  from.expect("-");
  const month m{static_cast<unsigned>(from.number(2))};
  from.expect("-");
  const year_month_day date{y, m, day{static_cast<unsigned>(from.number(2))}};
  from.expect("Tt ");
  const int h = from.number(2);
  from.expect(":");
  const int min = from.number(2);
  from.expect(":");
  const int s = from.number(2);
  const auto ms = fraction(from);
  const auto zone = offset(from);
  if (!from.done() || !date.ok() || h > 23 || min > 59 || s > 60 || !zone.valid)
    return std::nullopt;
  return sys_days{date}.time_since_epoch() + hours{h} + minutes{min} +
         seconds{s} + ms - zone.value;
}

} // namespace mfo::core
