#pragma once

#include "payload/flaw.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mfo::payload {

/// More fields than this are refused.
inline constexpr std::size_t max_form_fields = 1000;

/// A form (application/x-www-form-urlencoded) as JSON. Where `payload` is its
/// only field, and begins as an object or an array does, that is it, as it
/// stands: so GitHub and Slack send JSON in forms.
/// Else an object with a member for each name, a string, or an array of strings
/// where the name comes several times. Text that is not UTF-8 is refused.
[[nodiscard]] tl::expected<std::string, flaw>
form_to_json(std::string_view body);

} // namespace mfo::payload
