#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <cmath>

namespace mfo::config {

namespace {

namespace rate_key {
constexpr auto per_second = "per_second";
constexpr auto burst = "burst";
} // namespace rate_key

void finish_rate(rate_settings& rate, const section_view& view, reader&) {
  if (!view.given(rate_key::burst))
    rate.burst = static_cast<std::size_t>(std::ceil(rate.per_second));
}

} // namespace

section<rate_settings> rate_table() {
  using s = rate_settings;
  constexpr double least_per_second = 0.001;
  constexpr double most_per_second = 1'000'000;
  return make_section<s>(
      {
          value<s>({.key = rate_key::per_second,
                    .help = "Requests a second, over a long time.",
                    .example = "100",
                    .required = true},
                   &s::per_second, decimal(least_per_second, most_per_second)),
          value<s>({.key = rate_key::burst,
                    .help = "Requests at once, after a time without any.",
                    .example = "200",
                    .default_text = "`per_second`, rounded up"},
                   &s::burst, integer<std::size_t>(1, most_items)),
      },
      finish_rate);
}

} // namespace mfo::config
