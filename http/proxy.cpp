#include "http/proxy.hpp"

#include "core/text_encoding.hpp"
#include "http/no_proxy.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace mfo::http {

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

struct variable {
  std::string_view name;
  std::string value;
};

/// The first of these that is set to something.
std::optional<variable> first_of(const config::environment& lookup,
                                 std::span<const std::string_view> names) {
  for (auto name : names)
    if (auto value = lookup(name); value && !value->empty())
      return variable{name, std::move(*value)};
  return std::nullopt;
}

std::optional<variable> proxy_variable(const origin& server,
                                       const config::environment& lookup) {
  // No HTTP_PROXY among them: see proxy.hpp.
  constexpr std::array for_https{"https_proxy"sv, "HTTPS_PROXY"sv,
                                 "all_proxy"sv, "ALL_PROXY"sv};
  constexpr std::array for_http{"http_proxy"sv, "all_proxy"sv, "ALL_PROXY"sv};
  return server.tls ? first_of(lookup, for_https) : first_of(lookup, for_http);
}

bool is_exempt(const origin& server, const config::environment& lookup) {
  constexpr std::array names{"no_proxy"sv, "NO_PROXY"sv};
  if (is_loopback(server.host))
    return true;
  auto list = first_of(lookup, names);
  return list && is_in_no_proxy(list->value, server.host, server.port);
}

/// Percent-decodes (RFC 3986, section 2.1); nothing when `%` stands alone.
std::optional<std::string> decode(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    auto byte = core::decode_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1)
      return std::nullopt;
    result += static_cast<char>(byte->front());
    i += 2;
  }
  return result;
}

std::string encode_base64(std::string_view text) {
  return core::encode_base64(
      {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// "Basic …" for `user:password` as it stands in a URL.
tl::expected<config::secret, std::string>
basic_authorization(std::string_view user_info) {
  auto colon = user_info.find(':');
  auto user = decode(user_info.substr(0, colon));
  auto password =
      decode(colon == user_info.npos ? ""sv : user_info.substr(colon + 1));
  if (!user || !password)
    return tl::unexpected(
        "a % in the proxy's user name or password must be written %25"s);
  // RFC 7617, section 2: the first colon ends the user name.
  if (user->find(':') != std::string::npos)
    return tl::unexpected("the proxy's user name must not have a colon"s);
  return config::secret{"Basic " + encode_base64(*user + ":" + *password)};
}

} // namespace

std::string proxy::authority() const {
  auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return name + ":" + std::to_string(port);
}

tl::expected<proxy, std::string> parse_proxy(std::string_view url) {
  constexpr auto scheme_end = "://"sv;
  auto begin = url.find(scheme_end);
  if (begin == url.npos)
    return tl::unexpected(
        "the proxy must be written http://[user:password@]host[:port]"s);
  begin += scheme_end.size();
  auto end = std::min(url.find_first_of("/?#", begin), url.size());
  auto at = url.substr(begin, end - begin).rfind('@');
  auto host = at == url.npos ? begin : begin + at + 1;
  auto where = parse_origin(std::string{url.substr(0, begin)} +
                            std::string{url.substr(host)});
  if (!where)
    return tl::unexpected("the proxy's URL: " + where.error());
  if (where->tls || !where->base_path.empty())
    return tl::unexpected(
        "the proxy must be written http://[user:password@]host[:port]"s);
  proxy result{std::move(where->host), where->port};
  if (at != url.npos) {
    auto authorization = basic_authorization(url.substr(begin, at));
    if (!authorization)
      return tl::unexpected(std::move(authorization.error()));
    result.authorization = std::move(*authorization);
  }
  return result;
}

tl::expected<std::optional<proxy>, std::string>
choose_proxy(const origin& server, const std::optional<config::secret>& setting,
             const config::environment& lookup) {
  auto as_optional = [](proxy chosen) {
    return std::optional{std::move(chosen)};
  };
  if (setting && setting->empty())
    return std::nullopt;
  if (setting)
    return parse_proxy(setting->reveal()).map(as_optional);
  auto found = proxy_variable(server, lookup);
  if (!found || is_exempt(server, lookup))
    return std::nullopt;
  if (found->value.find("://") == std::string::npos)
    found->value.insert(0, "http://");
  return parse_proxy(found->value)
      .map(as_optional)
      .map_error([&](const std::string& why) {
        return "environment variable " + std::string{found->name} + ": " + why +
               "; correct it, or name a proxy, or none, in the configuration";
      });
}

std::string proxy_refusal(const proxy& via, int status) {
  auto result =
      "proxy " + via.authority() + " answered " + std::to_string(status);
  if (status == 407 && via.authorization.empty())
    return result + ": it wants a user name and a password";
  if (status == 407)
    return result + ": it wants another user name or password";
  return result;
}

} // namespace mfo::http
