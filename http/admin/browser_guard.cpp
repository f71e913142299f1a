#include "http/admin/browser_guard.hpp"

#include "config/address.hpp"
#include "core/text.hpp"
#include "http/admin/problem.hpp"

namespace mfo::http {

namespace {

/// Without the port, and without the brackets of an IPv6 address.
std::string_view name_in(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == host.npos ? std::string_view{} : host.substr(1, end - 1);
  }
  return host.substr(0, host.rfind(':'));
}

bool is_here(std::string_view name, std::string_view listen_host) {
  return config::is_loopback({std::string{name}, 0}) ||
         core::equal_ignoring_case(name, "localhost") ||
         (!name.empty() && core::equal_ignoring_case(name, listen_host));
}

/// Whether the origin is that of the name by which the listener is asked. The
/// scheme does not count: TLS may end in front of the node.
bool is_own(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme) && !host.empty() &&
        core::equal_ignoring_case(origin.substr(scheme.size()), host))
      return true;
  return false;
}

} // namespace

std::optional<answer> refuse_page(const admin_request& request,
                                  const browser_rules& rules) {
  if (!rules.knows_callers &&
      !is_here(name_in(request.host), rules.listen_host))
    return problem(421, "Without a token this is asked as localhost, by an "
                        "address of this host, or by the name in "
                        "`admin_listen`.");
  if (!request.origin.empty() && !is_own(request.origin, request.host))
    return problem(403, "A page of another origin may not ask this.");
  return std::nullopt;
}

} // namespace mfo::http
