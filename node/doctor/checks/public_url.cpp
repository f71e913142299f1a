// Whether the outside reaches this very node.

#include "node/doctor/at_once.hpp"
#include "node/doctor/checks/checks.hpp"
#include "node/doctor/probes/stand_in.hpp"
#include "node/doctor/rules/probed.hpp"

#include "node/assembly.hpp"
#include "node/signing.hpp"

#include "core/clocks.hpp"
#include "http/beast_client.hpp"
#include "http/origin.hpp"
#include "http/proxy.hpp"
#include "signatures/signer.hpp"
#include "telemetry/version.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace mfo::node::doctor {

namespace {

/// How the outside reaches an endpoint; empty: it is not said.
std::string url_of(const config::settings& settings,
                   const config::endpoint_settings& endpoint) {
  if (!endpoint.signature.public_url.empty())
    return endpoint.signature.public_url;
  return settings.public_url.empty() ? std::string{}
                                     : settings.public_url + endpoint.path;
}

/// The probe as it is sent, signed at this moment.
http::client_request probe_of(const config::endpoint_settings& endpoint,
                              const std::string& url, const std::string& target,
                              const std::string& nonce) {
  const auto& signature = endpoint.signature;
  http::client_request request;
  request.method = endpoint.method;
  request.target = target;
  request.headers = signed_headers(
      signature, {.url = url, .body = std::string{signatures::probe_body}});
  request.headers.add(
      signatures::probe_field,
      signatures::make_probe(signature, endpoint.id, core::unix_now(), nonce));
  request.body =
      std::make_shared<const std::string>(std::string{signatures::probe_body});
  return request;
}

/// `origin` is of the URL; through the proxy that the environment has for it.
tl::expected<http::client_response, std::string>
send(const patient& of, const http::origin& origin,
     http::client_request request) {
  auto via = http::choose_proxy(origin, std::nullopt, of.variables);
  if (!via)
    return tl::unexpected{via.error()};
  boost::asio::io_context io;
  http::client_config settings;
  settings.server = origin;
  settings.via = *std::move(via);
  settings.tls = of.tls;
  settings.connect_timeout = of.timeout;
  settings.user_agent = fmt::format("mfo-node/{}", telemetry::version);
  const auto client = http::make_beast_client(io, settings);
  if (!client)
    return tl::unexpected{client.error()};
  request.timeout = of.timeout;
  std::optional<http::client_result> result;
  (*client)->send(std::move(request), [&](http::client_result answer) {
    result = std::move(answer);
    (*client)->close(); // its idle connection would keep `io` busy
  });
  io.run();
  if (!result)
    return tl::unexpected{std::string{"no answer"}};
  if (!*result)
    return tl::unexpected{
        fmt::format("{}: {}", make_error_code(result->error().code).message(),
                    result->error().detail)};
  return **std::move(result);
}

finding probe(const patient& of, const config::endpoint_settings& endpoint,
              const signatures::probe_identity& own) {
  probe_seen seen{.subject = "endpoints." + endpoint.id,
                  .url = url_of(of.settings, endpoint)};
  const event_to_sign event{.url = seen.url,
                            .body = std::string{signatures::probe_body}};
  const auto to =
      http::parse_url(with_body_hash(endpoint.signature, event, seen.url));
  if (!to)
    return failed(seen.subject, to.error(), "correct `public_url`");
  const auto nonce = new_instance();
  const auto answer =
      send(of, to->server, probe_of(endpoint, seen.url, to->target, nonce));
  if (answer) {
    seen.status = answer->status;
    seen.who = signatures::read_probe_answer(endpoint.signature, endpoint.id,
                                             nonce, answer->body);
  } else {
    seen.error = answer.error();
  }
  return judge_probe(seen, own, of.settings.cluster.on());
}

/// Why an endpoint is not probed; empty: it is.
std::string why_not(const config::settings& settings,
                    const config::endpoint_settings& endpoint) {
  if (url_of(settings, endpoint).empty())
    return "`public_url` is not set";
  if (!signatures::can_probe(endpoint.signature) ||
      !signatures::can_sign(endpoint.signature))
    return "it has no secret to sign a probe with";
  return {};
}

struct probed_endpoints {
  std::vector<const config::endpoint_settings*> probed;
  findings left_out_ones;
};

probed_endpoints choose(const config::settings& settings) {
  probed_endpoints chosen;
  for (const auto& each : settings.endpoints) {
    if (each.path.empty()) // its events do not come by HTTP
      continue;
    const auto why = why_not(settings, each);
    if (why.empty())
      chosen.probed.push_back(&each);
    else
      chosen.left_out_ones.push_back(left_out("endpoints." + each.id, why));
  }
  return chosen;
}

} // namespace

findings check_public_url(const patient& of) {
  auto [probed, all] = choose(of.settings);
  if (probed.empty() && all.empty())
    return {left_out("", "there is no endpoint")};
  if (probed.empty())
    return all;
  if (of.running && of.running->instance.empty()) {
    all.push_back(left_out("", "the node that runs is of a release that does "
                               "not know probes"));
    return all;
  }
  const auto own =
      of.running
          ? signatures::probe_identity{of.running->name, of.running->instance}
          : signatures::probe_identity{of.settings.node_name, new_instance()};
  std::unique_ptr<stand_in> substitute;
  if (!of.running) {
    if (of.settings.listen.port == 0)
      return {left_out("", "the node does not run, and `listen` leaves the "
                           "port open")};
    auto opened = stand_in::open(of.settings, own);
    if (!opened)
      return {failed("listen", opened.error(), "see the check `ports`")};
    substitute = *std::move(opened);
  }
  for (auto& each : at_once(probed, [&](const auto* endpoint) {
         return findings{probe(of, *endpoint, own)};
       }))
    all.push_back(std::move(each));
  return all;
}

} // namespace mfo::node::doctor
