#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace mfo::api {

/// How long a JWT (RFC 7519) is good from `now` on, by its `exp`. Nothing for
/// a token of another kind, one without `exp`, one that is over already (the
/// clocks disagree: then only the server knows), and beyond ten years.
///
/// The signature is not looked at, and there is no key to do it with: the
/// token is the server's to trust and ours to carry. A wrong `exp` costs a
/// login too many, or a 401.
std::optional<std::chrono::milliseconds>
jwt_lifetime(std::string_view token, std::chrono::system_clock::time_point now);

} // namespace mfo::api
