#pragma once

#include <string_view>

/// What the parts of a request's head are made of. Pure, and any thread may
/// ask.
namespace mfo::http {

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) noexcept;

/// Visible characters, spaces, tabs and obs-text (RFC 9110, section 5.5).
bool is_field_value(std::string_view text) noexcept;

/// No spaces, no controls; printable ASCII alone.
bool is_target(std::string_view text) noexcept;

/// What RESTinio's parser knows; it gives up on any other without a word.
bool is_known_method(std::string_view method) noexcept;

/// uri-host [":" port] (RFC 9110, section 7.2), which may be empty. What is
/// between brackets is only looked at for its characters.
bool is_host(std::string_view text) noexcept;

/// Whether a target begins as one in absolute form does.
bool is_absolute_form(std::string_view target) noexcept;

/// In absolute form, with a host and no user before it (RFC 9110,
/// sections 4.2.1 and 4.2.4).
bool is_good_absolute_form(std::string_view target) noexcept;

} // namespace mfo::http
