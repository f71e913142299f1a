#include "api/url.hpp"

#include "api/text.hpp"

#include <algorithm>

namespace mfo::api {

tl::expected<url_parts, std::string> split_url(std::string_view url) {
  if (!is_visible_ascii(url))
    return tl::unexpected<std::string>(
        "a URL is visible ASCII, the rest percent-encoded");
  if (url.find('#') != url.npos)
    return tl::unexpected<std::string>("a URL with a fragment is not accepted");
  const auto scheme = url.find("://");
  const auto host = scheme == url.npos ? 0 : scheme + 3;
  const auto end = std::min(url.find_first_of("/?", host), url.size());
  auto server = http::parse_origin(url.substr(0, end));
  if (!server)
    return tl::unexpected(std::move(server.error()));
  std::string target{url.substr(end)};
  if (!target.starts_with('/'))
    target.insert(0, 1, '/');
  return url_parts{*std::move(server), std::string{url.substr(0, end)},
                   std::move(target)};
}

} // namespace mfo::api
