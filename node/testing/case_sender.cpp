#include "node/testing/case_sender.hpp"

#include "core/text.hpp"
#include "http/beast_client.hpp"
#include "node/signing.hpp"
#include "node/testing/case_settings.hpp"
#include "node/testing/test_time.hpp"
#include "signatures/signer.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace mfo::node {

namespace {

using config::endpoint_settings;

/// By id or path; null: there is none with this path.
tl::expected<const endpoint_settings*, std::string>
endpoint_of(const casebook::step& what, const config::settings& settings,
            const std::string& config_file) {
  const auto& word = what.endpoint.empty() ? what.request.path : what.endpoint;
  const auto by_path =
      std::ranges::find(settings.endpoints, word, &endpoint_settings::path);
  if (!word.empty() && by_path != settings.endpoints.end())
    return &*by_path;
  if (what.endpoint.empty() && !word.empty())
    return nullptr;
  return find_endpoint(settings, config_file, what.endpoint)
      .map_error([](const command_failure& why) { return why.reason; });
}

/// As a proxy would that believes none in front of it.
void add_address(http::header_list& headers, const std::string& from) {
  if (from.empty())
    return;
  std::string all;
  for (const auto& [name, value] : headers)
    if (core::equal_ignoring_case(name, "X-Forwarded-For"))
      all.append(value).append(", ");
  headers.set("X-Forwarded-For", all + from);
}

/// Signs the request; may change its target, where the signature is in it.
tl::expected<void, std::string> sign(http::client_request& request,
                                     const casebook::step& what,
                                     const endpoint_settings& endpoint,
                                     std::chrono::milliseconds now) {
  const auto signature = what.sign == casebook::signing::wrong
                             ? with_wrong_secrets(endpoint.signature)
                             : endpoint.signature;
  if (!signatures::can_sign(signature))
    return tl::unexpected{fmt::format(
        "{} has a public key, by which nothing can be signed: sign: no",
        endpoint.id)};
  const std::string base = "http://127.0.0.1";
  event_to_sign event{
      .url = base + request.target,
      .body = *request.body,
      .id = std::string{request.headers.first(endpoint.delivery_id_header)},
      .at = now + what.skew};
  if (const auto type = request.headers.first("Content-Type"); !type.empty())
    event.media_type = type;
  for (const auto& [name, value] : signed_headers(signature, event))
    request.headers.set(name, value);
  request.target = with_body_hash(signature, event, std::move(event.url))
                       .substr(base.size());
  return {};
}

} // namespace

bool is_of_connection(std::string_view name) {
  for (const std::string_view each :
       {"Host", "Content-Length", "Transfer-Encoding", "Connection",
        "Keep-Alive", "User-Agent", "TE", "Trailer", "Upgrade", "Expect",
        "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate"})
    if (core::equal_ignoring_case(name, each))
      return true;
  return false;
}

tl::expected<http::client_request, std::string>
make_case_request(const casebook::step& what, const config::settings& settings,
                  const std::string& config_file,
                  std::chrono::milliseconds now) {
  const auto found = endpoint_of(what, settings, config_file);
  if (!found)
    return tl::unexpected{found.error()};
  const auto* endpoint = *found;
  const auto& given = what.request;
  http::client_request request;
  request.method = !given.method.empty() ? given.method
                   : endpoint != nullptr ? endpoint->method
                                         : "POST";
  request.target =
      given.path.empty() && endpoint != nullptr ? endpoint->path : given.path;
  if (!given.query.empty())
    request.target += '?' + given.query;
  for (const auto& [name, value] : given.headers)
    if (!is_of_connection(name))
      request.headers.add(name, value);
  request.body = std::make_shared<const std::string>(given.body);
  request.timeout = longest_rest;
  if (what.sign != casebook::signing::no && endpoint != nullptr) {
    if (const auto done = sign(request, what, *endpoint, now); !done)
      return tl::unexpected{done.error()};
  } else if (request.headers.first("Content-Type").empty()) {
    request.headers.add("Content-Type", "application/json");
  }
  add_address(request.headers, what.from);
  return request;
}

http::client_result send_to_node(std::uint16_t port,
                                 http::client_request request) {
  boost::asio::io_context io;
  const auto client =
      http::make_beast_client(io, {.server = {.tls = false,
                                              .host = "127.0.0.1",
                                              .port = port,
                                              .base_path = {}},
                                   .user_agent = "mfo-node test"});
  http::client_result answer =
      tl::unexpected{http::client_error{.detail = "there was no answer"}};
  bool is_there = false;
  // Without TLS there is no file that could be no good.
  (*client)->send(std::move(request), [&](http::client_result result) {
    answer = std::move(result);
    is_there = true;
  });
  while (!is_there && io.run_one() > 0) {
  }
  return answer;
}

} // namespace mfo::node
