// Dates and waits as headers have them: HTTP's three forms of a date, RFC 3339,
// and Retry-After.

#include "core/http_date.hpp"
#include "core/retry_after.hpp"
#include "core/rfc3339.hpp"
#include "fuzz/target.hpp"

namespace mfo::fuzz {

namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

const auto now = system_clock::time_point{std::chrono::seconds{1'800'000'000}};

void http_date(std::string_view text) {
  const auto at = core::parse_http_date(text, now);
  if (!at)
    return;
  const auto again = core::parse_http_date(core::to_http_date(*at), now);
  require(again && *again == *at);
}

void rfc3339(std::string_view text) {
  const auto at = core::parse_rfc3339(text);
  // An offset may lead out of the years that can be written.
  constexpr auto first = std::chrono::milliseconds{-62'167'219'200'000};
  constexpr auto last = std::chrono::milliseconds{253'402'300'799'999};
  if (!at || *at < first || *at > last)
    return;
  require(core::parse_rfc3339(core::to_rfc3339(*at)) == *at);
}

void retry_after(std::string_view text) {
  for (const auto cap :
       {0ms, 1ms, 60'000ms, std::chrono::milliseconds::max()}) {
    const auto wait = core::parse_retry_after(text, now, cap);
    require(wait >= 0ms && wait <= cap);
  }
}

} // namespace

void run(std::string_view input) {
  http_date(input);
  rfc3339(input);
  retry_after(input);
}

} // namespace mfo::fuzz
