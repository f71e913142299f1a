#pragma once

#include "core/event.hpp"
#include "taskflow/definition.hpp"
#include "taskflow/json.hpp"
#include "taskflow/late_json.hpp"

#include <tl/expected.hpp>

#include <optional>
#include <string>

/// What a trigger and its taskflow see of an event.
namespace mfo::actors {

/// TRIGGER: {"id","type","source","time","payload"}. Nothing where the payload
/// is no JSON.
[[nodiscard]] std::optional<taskflow::json> view_of(const core::event& event);

/// The same, when somebody asks for it: a payload that was found to be JSON
/// need not be parsed to be sent on.
[[nodiscard]] taskflow::late_json late_view_of(core::event_ptr event);

/// What the run of a trigger starts with.
struct flow_start {
  taskflow::late_json view; ///< TRIGGER
  taskflow::late_json input;
};

/// An event comes to a trigger: nothing where its filter does not want it. The
/// error is a line for the log.
[[nodiscard]] tl::expected<std::optional<flow_start>, std::string>
meet(const taskflow::trigger& trigger, const core::event& event);

/// The same with the event's view, which is asked for if the filter or the
/// input_mapping needs it.
[[nodiscard]] tl::expected<std::optional<flow_start>, std::string>
meet(const taskflow::trigger& trigger, const taskflow::late_json& view);

} // namespace mfo::actors
