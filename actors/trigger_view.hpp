#pragma once

#include "core/event.hpp"
#include "taskflow/definition.hpp"
#include "taskflow/expression/value_template.hpp"
#include "taskflow/json.hpp"

#include <optional>

/// What a trigger and its taskflow see of an event.
namespace mfo::actors {

/// TRIGGER: {"id","type","source","time","payload"}. Nothing where the payload
/// is no JSON.
[[nodiscard]] std::optional<taskflow::json> view_of(const core::event& event);

/// Whether the trigger wants the event.
[[nodiscard]] taskflow::evaluated<bool> wants(const taskflow::trigger& trigger,
                                              const taskflow::json& view);

/// The input of the run that it starts.
[[nodiscard]] taskflow::evaluated<taskflow::json>
input_of(const taskflow::trigger& trigger, const taskflow::json& view);

} // namespace mfo::actors
