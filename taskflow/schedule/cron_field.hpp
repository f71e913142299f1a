#pragma once

#include "taskflow/schedule/cron.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mfo::taskflow {

/// What may stand in a field.
struct cron_field_rules {
  std::string_view name;
  unsigned min;
  unsigned max;
  unsigned last; ///< of `*` and of `5/10`: Sunday comes once
  std::span<const std::string_view> words; ///< of min, min + 1, …
};

/// Bit n stands for the value n.
struct cron_field_value {
  std::uint64_t bits = 0;
  bool star = false; ///< there is a `*` in it
};

/// One of the five fields, which begins at `offset` of the expression: the
/// offset of a problem is into that, its message begins with the field's name.
tl::expected<cron_field_value, cron_schedule::problem>
read_cron_field(const cron_field_rules& rules, std::string_view text,
                std::size_t offset);

} // namespace mfo::taskflow
