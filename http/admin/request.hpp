#pragma once

#include <string>
#include <string_view>

namespace mfo::http {

/// What the admin listener looks at of a request. Views are into the request.
struct admin_request {
  std::string_view method; ///< "GET"
  std::string_view path;   ///< as it stands in the target
  std::string_view query;  ///< without its question mark
  std::string_view body;
  std::string_view content_type;
  std::string_view host;            ///< the field; "": there is none
  std::string_view origin;          ///< likewise
  std::string_view if_none_match{}; ///< likewise
  std::string peer;                 ///< its address

  /// GET or HEAD.
  [[nodiscard]] bool reads() const noexcept {
    return method == "GET" || method == "HEAD";
  }
};

} // namespace mfo::http
