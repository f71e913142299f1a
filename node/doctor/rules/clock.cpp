#include "node/doctor/rules/clock.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::node::doctor {

namespace {

using std::chrono::milliseconds;

constexpr auto set_the_clock =
    "have this host's clock set, e.g. by systemd-timesyncd or chrony "
    "(`timedatectl status` tells)";

/// A clock this far off will be too far off one day.
constexpr milliseconds noticeable{5'000};

/// Whether the time of signing is a part of what is signed.
bool has_time(const config::signature_settings& signature) {
  using enum config::signature_scheme;
  switch (signature.scheme) {
  case standard_webhooks:
  case stripe:
  case slack:
    return true;
  case hmac:
    return !signature.timestamp_header.empty();
  default:
    return false;
  }
}

} // namespace

std::optional<milliseconds> least_tolerance(const config::settings& settings) {
  std::optional<milliseconds> least;
  for (const auto& each : settings.endpoints)
    if (has_time(each.signature))
      least = std::min(least.value_or(each.signature.tolerance),
                       each.signature.tolerance);
  return least;
}

finding judge_date(const date_seen& seen, milliseconds tolerance) {
  using std::chrono::duration_cast;
  // The server wrote a whole second, somewhere between question and answer.
  const auto earliest = seen.date;
  const auto latest = seen.date + std::chrono::seconds{1};
  milliseconds ahead{0};
  if (seen.asked > latest)
    ahead = duration_cast<milliseconds>(seen.asked - latest);
  else if (seen.answered < earliest)
    ahead = duration_cast<milliseconds>(seen.answered - earliest);
  const auto off = std::chrono::abs(ahead);
  const auto text =
      fmt::format("this host's clock is {} s {} that of the server",
                  duration_cast<std::chrono::seconds>(off).count(),
                  ahead.count() > 0 ? "ahead of" : "behind");
  if (off >= tolerance)
    return failed(
        seen.subject,
        fmt::format("{}: signatures that are off by more than {} s are refused",
                    text,
                    duration_cast<std::chrono::seconds>(tolerance).count()),
        set_the_clock);
  if (off >= noticeable)
    return warning(seen.subject, text, set_the_clock);
  return good(seen.subject, "this host's clock and the server's agree");
}

finding judge_kernel_clock(const kernel_clock& seen) {
  if (!seen.known)
    return left_out("kernel", "the kernel does not tell how its clock is set");
  if (!seen.synchronised)
    return warning("kernel", "nothing sets the clock of this host",
                   set_the_clock);
  return good(
      "kernel",
      fmt::format("the clock is set, to {} ms at most",
                  std::chrono::ceil<milliseconds>(seen.max_error).count()));
}

} // namespace mfo::node::doctor
