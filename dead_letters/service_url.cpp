#include "dead_letters/service_url.hpp"

#include "config/units.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

namespace mfo::dead_letters {

std::string service_url::address() const {
  const auto name = host.find(':') == host.npos ? host : "[" + host + "]";
  return fmt::format("{}:{}", name, port);
}

tl::expected<service_url, std::string>
parse_service_url(std::string_view text, std::string_view scheme,
                  std::uint16_t default_port) {
  const auto refuse = [](std::string why) {
    return tl::unexpected(std::move(why));
  };
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (parsed.has_error())
    return refuse(
        fmt::format("the url is not one such as {}://user:password@host:{}/...",
                    scheme, default_port));
  const auto& url = *parsed;
  if (std::string{url.scheme()} != scheme)
    return refuse(fmt::format("the url must begin with {}://", scheme));
  if (url.has_query() || url.has_fragment())
    return refuse("a url with a query or a fragment is not accepted");
  service_url result;
  result.user = url.user();
  result.password = url.password();
  result.host = url.host_address();
  if (result.host.empty())
    return refuse("the url names no host");
  // Boost.URL 1.81 wraps a number around that does not fit.
  const auto port = url.has_port()
                        ? config::parse_integer(std::string{url.port()})
                        : default_port;
  if (!port || *port == 0 || *port > 65'535)
    return refuse("the port of the url must be from 1 to 65535");
  result.port = static_cast<std::uint16_t>(*port);
  result.path = url.path();
  if (result.path.starts_with('/'))
    result.path.erase(0, 1);
  return result;
}

} // namespace mfo::dead_letters
