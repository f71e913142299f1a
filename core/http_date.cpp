#include "core/http_date.hpp"

#include "core/decimal.hpp"

#include <algorithm>
#include <array>

namespace mfo::core {

namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::system_clock;

constexpr std::array<std::string_view, 7> short_days{"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> long_days{
    "Monday", "Tuesday",  "Wednesday", "Thursday",
    "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr",
                                                  "May", "Jun", "Jul", "Aug",
                                                  "Sep", "Oct", "Nov", "Dec"};

struct date_fields {
  unsigned year = 0; ///< of RFC 850's form: without its century
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

/// Takes what is expected from the front of a text; false: it is not there.
class reader {
public:
  explicit reader(std::string_view text) : rest_(text) {}

  bool text(std::string_view expected) {
    if (!rest_.starts_with(expected))
      return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  bool number(std::size_t digits, unsigned& value) {
    if (rest_.size() < digits)
      return false;
    value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9')
        return false;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }

  bool weekday(const std::array<std::string_view, 7>& names) {
    return std::any_of(names.begin(), names.end(),
                       [this](std::string_view name) { return text(name); });
  }

  bool month(unsigned& value) {
    const auto* found =
        std::find_if(months.begin(), months.end(),
                     [this](std::string_view name) { return text(name); });
    value = static_cast<unsigned>(found - months.begin()) + 1;
    return found != months.end();
  }

  bool time(date_fields& to) {
    return number(2, to.hour) && text(":") && number(2, to.minute) &&
           text(":") && number(2, to.second);
  }

  /// asctime's: two digits, or a space and one.
  bool padded_day(unsigned& value) {
    return number(2, value) || (text(" ") && number(1, value));
  }

  [[nodiscard]] bool at_end() const {
    return rest_.empty();
  }

private:
  std::string_view rest_;
};

bool read_imf_fixdate(reader in, date_fields& to) {
  return in.weekday(short_days) && in.text(", ") && in.number(2, to.day) &&
         in.text(" ") && in.month(to.month) && in.text(" ") &&
         in.number(4, to.year) && in.text(" ") && in.time(to) &&
         in.text(" GMT") && in.at_end();
}

bool read_rfc850(reader in, date_fields& to) {
  return in.weekday(long_days) && in.text(", ") && in.number(2, to.day) &&
         in.text("-") && in.month(to.month) && in.text("-") &&
         in.number(2, to.year) && in.text(" ") && in.time(to) &&
         in.text(" GMT") && in.at_end();
}

bool read_asctime(reader in, date_fields& to) {
  return in.weekday(short_days) && in.text(" ") && in.month(to.month) &&
         in.text(" ") && in.padded_day(to.day) && in.text(" ") && in.time(to) &&
         in.text(" ") && in.number(4, to.year) && in.at_end();
}

std::chrono::year_month_day calendar_day(const date_fields& of) {
  return std::chrono::year{static_cast<int>(of.year)} /
         static_cast<int>(of.month) / static_cast<int>(of.day);
}

/// A day that the month does not have runs over into the next one.
sys_seconds moment(const date_fields& of) {
  return sys_days{calendar_day(of)} + std::chrono::hours{of.hour} +
         std::chrono::minutes{of.minute} + seconds{of.second};
}

bool exists(const date_fields& of) {
  const bool leap_second = of.hour == 23 && of.minute == 59 && of.second == 60;
  return calendar_day(of).ok() && of.hour < 24 && of.minute < 60 &&
         (of.second < 60 || leap_second);
}

void add_century(date_fields& to, system_clock::time_point now) {
  const auto today = std::chrono::floor<days>(now);
  const std::chrono::year_month_day date{today};
  const auto latest = sys_days{date + std::chrono::years{50}} + (now - today);
  const auto this_century = static_cast<int>(date.year()) / 100 * 100;
  to.year += static_cast<unsigned>(std::max(this_century, 0)) + 100;
  while (to.year >= 100 && moment(to) > latest)
    to.year -= 100;
}

/// The clock counts nanoseconds from 1677 to 2262; a year has four digits.
system_clock::time_point within_clock(sys_seconds at) {
  constexpr auto first =
      std::chrono::ceil<seconds>(system_clock::time_point::min());
  constexpr auto last =
      std::chrono::floor<seconds>(system_clock::time_point::max());
  return std::clamp<sys_seconds>(at, first, last);
}

} // namespace

void append_http_date(std::string& out, system_clock::time_point at) {
  const auto second = std::chrono::floor<seconds>(at);
  const auto day = std::chrono::floor<days>(second);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{second - day};
  const auto part = [&out](auto value, std::size_t digits, char behind) {
    append_decimal(out, static_cast<unsigned>(value), digits);
    out += behind;
  };
  out.append(short_days.at(std::chrono::weekday{day}.iso_encoding() - 1));
  out.append(", ");
  part(static_cast<unsigned>(date.day()), 2, ' ');
  out.append(months.at(static_cast<unsigned>(date.month()) - 1)).append(" ");
  // The clock's years: 1677 to 2262.
  part(static_cast<int>(date.year()), 4, ' ');
  part(time.hours().count(), 2, ':');
  part(time.minutes().count(), 2, ':');
  part(time.seconds().count(), 2, ' ');
  out.append("GMT");
}

std::string to_http_date(system_clock::time_point at) {
  constexpr std::size_t size = 29;
  std::string out;
  out.reserve(size);
  append_http_date(out, at);
  return out;
}

std::optional<system_clock::time_point>
parse_http_date(std::string_view text, system_clock::time_point now) {
  const reader in{text};
  date_fields date;
  if (read_rfc850(in, date))
    add_century(date, now);
  else if (!read_imf_fixdate(in, date) && !read_asctime(in, date))
    return std::nullopt;
  if (!exists(date))
    return std::nullopt;
  return within_clock(moment(date));
}

} // namespace mfo::core
