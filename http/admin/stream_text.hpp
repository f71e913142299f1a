#pragma once

#include "telemetry/event_book.hpp"
#include "telemetry/run_book.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// The events of `GET /api/v1/stream`, as docs/reference/admin.md has them, in
/// the form of server-sent events
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
namespace mfo::http {

/// `data` is one line.
[[nodiscard]] std::string stream_event(std::string_view name,
                                       std::string_view data);

/// Empty: there is nothing to tell.
[[nodiscard]] std::string stream_event(const telemetry::event_book::news& news);

/// Likewise. Runs that would make it longer than about `most` bytes are left
/// out, and counted.
[[nodiscard]] std::string stream_event(const telemetry::run_book::news& news,
                                       std::size_t most);

} // namespace mfo::http
