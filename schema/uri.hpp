#pragma once

#include <string>
#include <string_view>

namespace mfo::schema {

/// A URI and what stands behind its `#`; "" without one.
struct split_uri {
  std::string_view document;
  std::string_view fragment;
};

split_uri split_fragment(std::string_view uri);

/// `reference`, seen from `base`, both without fragment (RFC 3986, section
/// 5.2). A base that is empty or relative leaves the result relative.
std::string resolve_reference(std::string_view base,
                              std::string_view reference);

/// Each `%XX` as its byte (RFC 3986, section 2.1); one that is none stays.
std::string percent_decoded(std::string_view text);

/// Whether it is a URI with a scheme (RFC 3986, section 3).
bool is_uri(std::string_view text);

/// The same, or a relative reference (section 4.1).
bool is_uri_reference(std::string_view text);

} // namespace mfo::schema
