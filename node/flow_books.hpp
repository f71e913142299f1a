#pragma once

#include "node/run_control.hpp"

#include "actors/flow_records.hpp"
#include "core/question_desk.hpp"
#include "http/task_control.hpp"
#include "telemetry/run_book.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace mfo::node {

/// What people see of taskflows, and do with them: the same for all
/// configurations of a node, one after the other. Never null.
struct flow_books {
  std::shared_ptr<core::question_desk> questions;
  std::shared_ptr<telemetry::run_book> runs;
  std::shared_ptr<actors::flow_records> records; ///< fills `runs`
  std::shared_ptr<run_control> control;
};

/// `cancel` has whoever runs it end a run; runs of traces that are sampled go
/// to `spans`, which may be null.
[[nodiscard]] flow_books
open_flow_books(std::size_t keep_runs,
                std::function<void(const std::string& run)> cancel,
                std::shared_ptr<telemetry::span_sink> spans);

/// For the admin listener.
[[nodiscard]] http::task_control control_of(const flow_books& books);

} // namespace mfo::node
