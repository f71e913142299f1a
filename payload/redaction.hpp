#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::payload {

/// What stands where a text was.
inline constexpr std::string_view redacted_text{"redacted"};
/// What stands where an e-mail address was.
inline constexpr std::string_view redacted_address{"person@example.com"};

/// What stands for a body that nothing is known of but its size.
[[nodiscard]] std::string placeholder_of(std::size_t bytes);

/// The text with `redacted_address` in place of each e-mail address: what has
/// an `@`, or `%40`, between characters of one and a domain with a point.
[[nodiscard]] std::string without_addresses(std::string_view text);

/// Leaves out of requests what others are not to see: values whose names sound
/// like those of secrets, and e-mail addresses. docs/reference/config-tests.md
/// has the list; what it does not have stays. Immutable; any thread may ask.
class redaction {
public:
  /// `more`: names besides the usual, and JSON Pointers (RFC 6901), which begin
  /// with a slash.
  explicit redaction(const std::vector<std::string>& more = {});

  /// Whether a value of this name is left out. Case, `_`, `-`, `.` and spaces
  /// do not matter.
  [[nodiscard]] bool hides(std::string_view name) const;

  /// A value that nothing is known of; where it is a JSON object or array, as
  /// that.
  [[nodiscard]] std::string text(std::string_view value) const;

  /// One JSON text, without white space: hidden strings become `redacted_text`,
  /// hidden numbers 0, and so does all that lies below what is hidden. Other
  /// numbers keep their digits, members their order. Nothing where it is no
  /// JSON that can be read.
  [[nodiscard]] std::optional<std::string> json(std::string_view text) const;

  /// The fields of a form, or of a query. Where `payload` is the only one and
  /// holds JSON, a pointer leads into that, as in form.hpp.
  [[nodiscard]] std::string form(std::string_view fields) const;

private:
  using pointer = std::vector<std::string>; ///< its segments, decoded

  [[nodiscard]] bool hides_field(std::string_view name) const;

  std::vector<std::string> names_; ///< as `hides` compares them
  std::vector<pointer> pointers_;
};

} // namespace mfo::payload
