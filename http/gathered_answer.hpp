#pragma once

#include "http/answer.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace mfo::http {

/// Responders for `count` events that came in one request. Its sender gets one
/// answer when the last of them has been answered: an acceptance when all were
/// accepted; else the refusal that asks most of the sender: to send all of it
/// again later rather than never. What was taken then is known by its id.
///
/// The responders may be used from any thread, each at most once. One that goes
/// unused counts as an internal error.
[[nodiscard]] std::vector<std::unique_ptr<responder>>
gather_answers(std::unique_ptr<responder> sender, std::size_t count);

} // namespace mfo::http
