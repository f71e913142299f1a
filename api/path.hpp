#pragma once

#include "api/api_error.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

/// The targets of calls: templates such as "/api/tools/{tool_name}" with
/// values filled in (RFC 3986, section 2). A value can't leave its place in
/// the template, whatever it is.
namespace mfo::api {

/// What becomes of the slashes of a value.
enum class slashes : std::uint8_t {
  encoded, ///< as %2F: the value stays one segment
  kept,    ///< the value may be several segments
};

struct path_value {
  std::string_view name; ///< without its braces
  std::string_view value;
  slashes how = slashes::encoded;
};

/// Longest target that is sent, in bytes (RFC 9112, section 3).
inline constexpr std::size_t max_target = 8000;

/// Percent-encodes all but RFC 3986's unreserved characters.
std::string percent_encoded(std::string_view text,
                            slashes how = slashes::encoded);

/// Refuses an empty value, a template that lacks one of the names or has
/// others, a target over `max_target`, and parts "." and "..": those are
/// taken for steps in the tree even when encoded (RFC 3986, section 6.2.2), and
/// so are the slashes beside them by some servers.
tl::expected<std::string, api_error>
fill_path(std::string_view path_template,
          std::initializer_list<path_value> values);

/// `target` with one more query parameter.
tl::expected<std::string, api_error>
with_query(std::string target, std::string_view name, std::string_view value);

} // namespace mfo::api
