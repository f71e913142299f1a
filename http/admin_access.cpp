#include "http/admin_access.hpp"

#include "core/text.hpp"

namespace mfo::http {

namespace {

constexpr std::string_view scheme{"Bearer "};

} // namespace

admin_access::admin_access(const config::admin_settings& settings)
  : certificates_(settings.tls.enabled() &&
                  settings.tls.client_auth ==
                      config::client_auth_mode::require) {
  for (const auto& each : settings.tokens)
    tokens_.add(each.reveal());
}

bool admin_access::allows(std::string_view authorization) const {
  if (tokens_.empty())
    return true;
  // The scheme's case does not matter (RFC 9110, section 11.1).
  return core::equal_ignoring_case(authorization.substr(0, scheme.size()),
                                   scheme) &&
         tokens_.contains(authorization.substr(scheme.size()));
}

} // namespace mfo::http
