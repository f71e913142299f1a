#pragma once

#include "actors/api_request.hpp"
#include "cluster/messages/call_packing.hpp"
#include "core/event.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace mfo::cluster::test {

/// A call that may be repeated; `call-NAME` is its id.
[[nodiscard]] std::shared_ptr<actors::api_request>
a_request(const std::string& name,
          std::chrono::steady_clock::time_point deadline);

/// An event whose id is `event-NAME`.
[[nodiscard]] core::event_ptr
an_event(const std::string& name,
         std::chrono::steady_clock::time_point deadline);

/// A 200 with that body.
[[nodiscard]] actors::api_result_ptr good_result(std::string body = "fine");

[[nodiscard]] actors::api_result_ptr bad_result(core::errc why);

} // namespace mfo::cluster::test
