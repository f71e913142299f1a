#pragma once

#include "config/settings.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

/// URLs and names as they are written in a configuration. The error of each
/// parser is a sentence that says what is expected and quotes nothing.
namespace mfo::config {

/// An absolute http or https URL (RFC 3986) with a host, perhaps a port and a
/// base path; no user, query or fragment. The result has no slash at its end.
[[nodiscard]] tl::expected<std::string, std::string>
parse_server_url(std::string_view text);

/// The same, whole: a path that ends in a slash keeps it.
[[nodiscard]] tl::expected<std::string, std::string>
parse_callback_url(std::string_view text);

/// `/hooks/github`: the path of a request, to be matched as it stands.
[[nodiscard]] tl::expected<std::string, std::string>
parse_request_path(std::string_view text);

/// The name of a header: a token (RFC 9110, section 5.6.2).
[[nodiscard]] tl::expected<std::string, std::string>
parse_header_name(std::string_view text);

/// The same, or nothing.
[[nodiscard]] tl::expected<std::string, std::string>
parse_optional_header_name(std::string_view text);

/// The same, of a header that carries a token: none that HTTP or the node has
/// a use of its own for.
[[nodiscard]] tl::expected<std::string, std::string>
parse_token_header_name(std::string_view text);

/// What can start the value of a header: visible ASCII characters and spaces,
/// not a space at first, 64 at most, perhaps none (RFC 9110, section 5.5).
[[nodiscard]] tl::expected<std::string, std::string>
parse_header_prefix(std::string_view text);

/// What an HMAC signs: visible ASCII with `{body}` once and, before it,
/// `{timestamp}` and `{id}` at most once, `{id}` with a character behind it;
/// 256 characters at most.
[[nodiscard]] tl::expected<std::string, std::string>
parse_signed_content(std::string_view text);

/// The name of something in the configuration: 1 to 64 of a-z, 0-9, `_` and
/// `-`.
[[nodiscard]] tl::expected<std::string, std::string>
parse_id(std::string_view text);

/// The same, but not `none`: that is what requests to no endpoint are labelled
/// in metrics.
[[nodiscard]] tl::expected<std::string, std::string>
parse_endpoint_id(std::string_view text);

/// `email.received`: words of A-Z, a-z, 0-9, `_` and `-` with dots between,
/// 128 characters at most.
[[nodiscard]] tl::expected<std::string, std::string>
parse_event_type(std::string_view text);

/// What stands before a word to make an event type: `github.`; perhaps nothing.
[[nodiscard]] tl::expected<std::string, std::string>
parse_event_type_prefix(std::string_view text);

/// A JSON Pointer (RFC 6901) to a part of a document, 256 bytes at most.
[[nodiscard]] tl::expected<std::string, std::string>
parse_json_pointer(std::string_view text);

/// What a sender of CloudEvents calls itself: a host's name, or `*`.
[[nodiscard]] tl::expected<std::string, std::string>
parse_origin_name(std::string_view text);

/// What names of peers are allowed: one, `*.` and the end of some, or `*` for
/// all of them.
[[nodiscard]] tl::expected<std::string, std::string>
parse_peer_name(std::string_view text);

/// What a subscription is to: an event type, or the beginning of some and `*`
/// (`email.*`, `*`).
[[nodiscard]] tl::expected<std::string, std::string>
parse_event_pattern(std::string_view text);

/// A path with one variable in braces, `/api/tools/{tool_name}`, or, if
/// `variable` is empty, with none. Otherwise as parse_request_path has it.
[[nodiscard]] tl::expected<std::string, std::string>
parse_path_template(std::string_view text, std::string_view variable);

/// 1 to 256 characters, none of them a control character.
[[nodiscard]] tl::expected<std::string, std::string>
parse_visible_text(std::string_view text);

/// Visible ASCII and spaces, none at either end: a header's value (RFC 9110,
/// section 5.5, less what is obsolete). Not empty.
[[nodiscard]] bool is_header_value(std::string_view text);

/// A bearer token: visible ASCII without spaces, since it travels in a header
/// (RFC 6750, section 2.1, less strict).
[[nodiscard]] bool is_bearer_token(std::string_view text);

} // namespace mfo::config
