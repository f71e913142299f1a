#include "dead_letters/filter.hpp"

namespace mfo::dead_letters {

namespace {

bool is_any_or(const std::string& wanted, const std::string& value) {
  return wanted.empty() || wanted == value;
}

} // namespace

bool filter::picks() const noexcept {
  return !event_id.empty() || !type.empty() || !endpoint.empty() ||
         !server.empty() || !reason.empty() || since || until;
}

bool matches(const filter& wanted, const letter& value) {
  return is_any_or(wanted.event_id, value.event_id) &&
         (wanted.type.empty() || matches_glob(wanted.type, value.type)) &&
         is_any_or(wanted.endpoint, value.endpoint) &&
         is_any_or(wanted.server, value.server) &&
         is_any_or(wanted.reason, value.reason) &&
         (!wanted.since || value.dead_at >= *wanted.since) &&
         (!wanted.until || value.dead_at < *wanted.until);
}

bool matches_glob(std::string_view pattern, std::string_view text) noexcept {
  // Only the last star need ever be stretched, so the time is at most the
  // product of the lengths.
  std::size_t at = 0;
  std::size_t from = 0;
  std::size_t star = pattern.npos;
  std::size_t stretched_to = 0;
  while (from < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      stretched_to = from;
    } else if (at < pattern.size() &&
               (pattern[at] == '?' || pattern[at] == text[from])) {
      ++at;
      ++from;
    } else if (star != pattern.npos) {
      at = star + 1;
      from = ++stretched_to;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == pattern.npos;
}

} // namespace mfo::dead_letters
