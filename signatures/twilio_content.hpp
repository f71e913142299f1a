#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What Twilio signs,
/// https://www.twilio.com/docs/usage/webhooks/webhooks-security
namespace mfo::signatures {

/// The fields of a form (application/x-www-form-urlencoded) as Twilio appends
/// them to the URL: sorted by name, each name with its value behind it, several
/// values of one name sorted and none of them twice.
[[nodiscard]] std::string sorted_form(std::string_view body);

/// The value of `bodySHA256` in the query of a URL or a target: hex, in either
/// case. Twilio puts it there where the body is no form.
[[nodiscard]] std::optional<std::string_view>
body_hash_in(std::string_view target);

/// `url` with the port that is usual for its scheme written out, or, where one
/// is written out, without it. Twilio does the one or the other.
[[nodiscard]] std::string with_other_port(std::string_view url);

} // namespace mfo::signatures
