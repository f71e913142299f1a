#pragma once

#include "api/api_error.hpp"
#include "api/call.hpp"

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// JSON bodies, both ways. A reply may be hostile, and nlohmann::json writes
/// and destroys nested values by recursion: so depth is bounded, here.
namespace mfo::api {

using nlohmann::json;

/// Containers nested deeper than this are refused, sent or received.
inline constexpr std::size_t max_json_depth = 128;

using call_result = tl::expected<call, api_error>;

/// Nothing when `text` is not JSON, or nested too deep.
std::optional<json> parse_json(std::string_view text);

/// The body of a 2xx reply; null where it is empty. The error is that of the
/// reply, or `bad_reply`. Says nothing of what is in the body.
tl::expected<json, api_error> read_reply(const http::client_response& reply);

/// An error where the reply is no 2xx, whatever its body is.
tl::expected<void, api_error> check_status(const http::client_response& reply);

/// A POST or PUT of `body`. Refuses what is nested too deep, and texts that
/// are not UTF-8.
call_result with_json(call to, const json& body);

/// The member of that name; null where `from` is no object, has none, or has
/// null there: servers mean the same by all three.
const json* find_member(const json& from, std::string_view name);

/// A string, or a whole number as its digits: some servers number their ids.
std::optional<std::string> text_of(const json& value);

/// The member as `text_of` has it, else empty.
std::string optional_text(const json& from, std::string_view name);

/// The member of the object that stands at `where` in the reply, a JSON
/// pointer (RFC 6901) such as "/message"; "" is the whole reply. The error
/// names the member so.
tl::expected<const json*, api_error>
required(const json& from, std::string_view where, std::string_view name);

/// The same for a member that may well be null.
tl::expected<const json*, api_error>
required_value(const json& from, std::string_view where, std::string_view name);

tl::expected<std::string, api_error>
required_text(const json& from, std::string_view where, std::string_view name);

/// The array of a list: the reply itself, or its member `name`.
tl::expected<const json*, api_error> list_in(const json& reply,
                                             std::string_view name);

/// `bad_reply`: what stands at the JSON pointer is not `expected`, e.g. "an
/// array".
api_error wrong_type(std::string_view pointer, std::string_view expected);

} // namespace mfo::api
