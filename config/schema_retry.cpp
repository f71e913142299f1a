#include "config/schema.hpp"
#include "config/schema_common.hpp"

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace retry_key {
constexpr auto delay = "delay";
constexpr auto max_delay = "max_delay";
} // namespace retry_key

void finish_retry(retry_settings& retry, const section_view& view, reader& in) {
  check_order(view, retry_key::delay, retry.delay, retry_key::max_delay,
              retry.max_delay, in);
}

section<retry_settings> limit_table() {
  using s = retry_settings;
  return make_section<s>({
      value<s>({.key = "count",
                .help = "Tries in all, the first one included; 1: never try "
                        "again.",
                .example = "5"},
               &s::max_count, integer<unsigned>(1, 1000)),
      value<s>({.key = "duration",
                .help = "From the first try to the last. An endpoint with "
                        "`ack: completed` may end them earlier by its "
                        "`timeout`; with `ack: received` this is how long an "
                        "event is tried before it is a dead letter.",
                .example = "1m"},
               &s::max_duration, duration(1ms, 24h)),
  });
}

} // namespace

section<retry_settings> retry_table() {
  using s = retry_settings;
  return make_section<s>(
      {
          value<s>({.key = "backoff",
                    .help = "How the delay grows: not (`constant`), by `delay` "
                            "each time (`linear`), or by the factor "
                            "`multiplier` (`exponential`).",
                    .example = "linear"},
                   &s::backoff,
                   one_of<backoff_shape>(
                       {{"constant", backoff_shape::constant},
                        {"linear", backoff_shape::linear},
                        {"exponential", backoff_shape::exponential}})),
          value<s>({.key = retry_key::delay,
                    .help = "The delay before the second try.",
                    .example = "100ms"},
                   &s::delay, duration(1ms, 1h)),
          value<s>({.key = "multiplier",
                    .help = "The factor from each delay to the next.",
                    .example = "1.5"},
                   &s::multiplier, decimal(1, 10)),
          value<s>({.key = retry_key::max_delay,
                    .help = "The most that a delay grows to.",
                    .example = "10s"},
                   &s::max_delay, duration(1ms, 1h)),
          value<s>({.key = "jitter",
                    .help = "Which part of a delay is random: `none` of it, "
                            "the second half (`equal`), or all of it "
                            "(`full`), so that nodes do not retry in step.",
                    .example = "equal"},
                   &s::jitter,
                   one_of<jitter_mode>({{"none", jitter_mode::none},
                                        {"equal", jitter_mode::equal},
                                        {"full", jitter_mode::full}})),
          value<s>({.key = "retry_after_max",
                    .help = "The longest Retry-After of the server that is "
                            "heeded.",
                    .example = "1m"},
                   &s::retry_after_max, duration(0ms, 24h)),
          nested<s>(
              {.key = "limit", .help = "When it is not tried again."},
              [](auto& policy) -> auto& { return policy; }, limit_table()),
      },
      finish_retry);
}

} // namespace mfo::config
