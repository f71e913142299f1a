#pragma once

#include "core/event.hpp"
#include "taskflow/definition.hpp"
#include "taskflow/json.hpp"

#include <tl/expected.hpp>

#include <optional>
#include <string>

/// What a trigger and its taskflow see of an event.
namespace mfo::actors {

/// TRIGGER: {"id","type","source","time","payload"}. Nothing where the payload
/// is no JSON.
[[nodiscard]] std::optional<taskflow::json> view_of(const core::event& event);

/// What the run of a trigger starts with.
struct flow_start {
  taskflow::json_ptr view; ///< TRIGGER
  taskflow::json_ptr input;
};

/// An event comes to a trigger: nothing where its filter does not want it. The
/// error is a line for the log.
[[nodiscard]] tl::expected<std::optional<flow_start>, std::string>
meet(const taskflow::trigger& trigger, const core::event& event);

} // namespace mfo::actors
