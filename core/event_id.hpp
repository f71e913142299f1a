#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::core {

/// A new UUID version 7 (RFC 9562, section 5.7): `unix_time` in milliseconds,
/// then 74 bits of `random`; sorts by time.
std::string uuid_v7(std::chrono::milliseconds unix_time, std::uint64_t random_a,
                    std::uint64_t random_b);

/// The event id of a delivery that the sender names itself: a UUID version 5
/// (RFC 9562, section 5.5) of the endpoint and the sender's delivery id. A
/// sender that repeats a delivery gets the same event id, on every node; two
/// endpoints never share one.
std::string delivery_uuid(std::string_view endpoint_id,
                          std::string_view delivery_id);

} // namespace mfo::core
