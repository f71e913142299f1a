#pragma once

#include <string>
#include <string_view>

/// Text as protocols have it: in ASCII, whatever the locale is.
namespace mfo::core {

/// Letters in lower case, the rest as it is.
[[nodiscard]] std::string lower_case(std::string_view text);

/// Whether two texts are the same but for the case of their letters.
[[nodiscard]] bool equal_ignoring_case(std::string_view a,
                                       std::string_view b) noexcept;

/// Without the spaces and tabs at both ends (OWS: RFC 9110, section 5.6.3).
[[nodiscard]] std::string_view trim_blanks(std::string_view text) noexcept;

/// Where markup may not begin: `&`, `<`, `>` and `"` as entities (XML 1.0,
/// section 2.4; the same in HTML).
[[nodiscard]] std::string markup_escaped(std::string_view text);

} // namespace mfo::core
