#pragma once

#include "taskflow/schedule/cron.hpp"
#include "taskflow/schedule/cron_fields.hpp"

#include <tl/expected.hpp>

#include <string_view>

namespace mfo::taskflow {

/// Five fields or a short form, as cron.hpp has them; or the first thing that
/// is wrong with them, with the name of the field.
tl::expected<cron_fields, cron_schedule::problem>
parse_cron(std::string_view text);

} // namespace mfo::taskflow
