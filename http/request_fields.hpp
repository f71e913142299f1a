#pragma once

#include "core/header_fields.hpp"
#include "http/door.hpp"
#include "http/recorder.hpp"

#include <restinio/all.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What the listener reads of a request's head. Views are into the request.
namespace mfo::http {

/// The value of a field; "": there is none. Of a field that comes several
/// times, a list (RFC 9110, section 5.3) of nothing, which is not what any
/// media type or coding looks like: to take one of them would be to guess.
[[nodiscard]] std::string_view
field(const restinio::http_request_header_t& header,
      restinio::string_view_t name);

/// The only value of a field; a field that is sent twice counts as absent, as
/// nobody can say which one was meant.
[[nodiscard]] std::string_view
only_field(const restinio::http_request_header_t& header,
           const std::string& name);

/// All values of a field that is a list, as one (RFC 9110, section 5.3).
[[nodiscard]] std::string
joined_fields(const restinio::http_request_header_t& header,
              const std::string& name);

/// Whether one of the fields is there more than once.
[[nodiscard]] bool repeats_any(const restinio::http_request_header_t& header,
                               const std::vector<std::string>& names);

/// The first of the fields that is there and says something.
[[nodiscard]] std::string_view
first_field(const restinio::http_request_header_t& header,
            const std::vector<std::string>& names);

/// What of the head goes with the event: what its signature is made of, and,
/// where the body has to be decoded, what that goes by.
[[nodiscard]] core::header_fields
needed_fields(const restinio::http_request_header_t& header,
              const door::endpoint& endpoint, const request_head& head);

/// The type that a header gives; "": none, or none that is one.
[[nodiscard]] std::string type_of(const restinio::http_request_header_t& header,
                                  const config::event_type_source& source);

/// The whole request, from `client`, at `at` since 1970.
[[nodiscard]] recorded_request
recorded(const restinio::request_t& request,
         std::shared_ptr<const config::endpoint_settings> endpoint,
         const config::ip_address& client, std::chrono::milliseconds at);

} // namespace mfo::http
