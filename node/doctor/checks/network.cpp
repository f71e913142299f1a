// The checks that ask the servers, and what is on the way to them.

#include "node/doctor/at_once.hpp"
#include "node/doctor/checks/checks.hpp"
#include "node/doctor/probes/clock_probe.hpp"
#include "node/doctor/probes/name_probe.hpp"
#include "node/doctor/probes/reach.hpp"
#include "node/doctor/rules/answered.hpp"

#include "node/api_session.hpp"
#include "node/client_factory.hpp"
#include "node/cluster_seat.hpp"

#include "api/tools.hpp"
#include "config/ip_network.hpp"
#include "core/http_date.hpp"
#include "dead_letters/service_url.hpp"
#include "http/origin.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace mfo::node::doctor {

namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

std::string subject_of(const config::server_settings& server) {
  return "servers." + server.name;
}

constexpr auto peers_call = "a connector of the cluster calls the servers, not "
                            "this node";

/// A server and how it is reached.
struct way {
  const config::server_settings* server;
  http::origin origin;
  tl::expected<std::optional<http::proxy>, std::string> via;
};

std::vector<way> ways_of(const patient& of) {
  std::vector<way> all;
  for (const auto& each : of.settings.servers) {
    auto origin = http::parse_origin(each.url);
    if (!origin) // loading has seen to that
      continue;
    auto via = http::choose_proxy(*origin, each.proxy, of.variables);
    all.push_back({&each, *std::move(origin), std::move(via)});
  }
  return all;
}

/// As short as this check may take, and without a second try.
config::server_settings impatient(config::server_settings server,
                                  milliseconds longest) {
  server.connect_timeout = std::min(server.connect_timeout, longest);
  server.request_timeout = std::min(server.request_timeout, longest);
  server.retry.max_count = 1;
  return server;
}

// --- servers ----------------------------------------------------------------

finding ask(const patient& of, const config::server_settings& server,
            milliseconds longest) {
  auto settings = of.settings;
  settings.servers = {impatient(server, longest)};
  answer_seen seen{.subject = subject_of(server),
                   .has_credentials =
                       server.auth.type != config::auth_type::none};
  auto call = api::make_tool_list_call(server.paths);
  seen.asked = call.method + ' ' + call.target;
  const auto session =
      api_session::open(settings, {.server = server.name, .verbose = false});
  if (!session)
    return failed(seen.subject, session.error().reason,
                  "`mfo-node check` tells what is wrong with it");
  const auto result = (*session)->call(std::move(call), longest);
  seen.status = result.reply ? result.reply->status : 0;
  seen.detail = result.outcome.detail;
  return judge_answer(seen);
}

findings look_at_server(const patient& of, const way& to) {
  const auto deadline = of.deadline();
  const auto subject = subject_of(*to.server);
  if (!to.via)
    return {left_out(subject, "its proxy is no good: see the check `proxy`")};
  const auto seen = reach({to.origin, *to.via, to.server->tls}, deadline);
  const auto now =
      std::chrono::floor<std::chrono::seconds>(system_clock::now());
  findings all{judge_reach(subject, to.server->url,
                           *to.via ? (*to.via)->authority() : "", seen, now)};
  if (seen.failed())
    return all;
  const auto left = std::chrono::duration_cast<milliseconds>(
      deadline - std::chrono::steady_clock::now());
  all.push_back(ask(of, *to.server, std::max(left, milliseconds{1})));
  return all;
}

// --- proxy ------------------------------------------------------------------

/// Whether the environment names a proxy that NO_PROXY keeps from this server.
bool is_exempt(const patient& of, const way& to) {
  const auto without = [&](std::string_view name) {
    return name == "no_proxy" || name == "NO_PROXY" ? std::nullopt
                                                    : of.variables(name);
  };
  const auto otherwise =
      http::choose_proxy(to.origin, to.server->proxy, without);
  return to.via && !*to.via && (!otherwise || *otherwise);
}

findings look_at_proxy(const patient& of, const way& to) {
  const auto subject = subject_of(*to.server);
  if (!to.via)
    return {failed(subject, to.via.error(),
                   "correct the variable, or `proxy` of the server")};
  if (!*to.via)
    return {is_exempt(of, to)
                ? good(subject, "NO_PROXY has it: it is reached directly")
                : left_out(subject, "it is reached without a proxy")};
  return {
      judge_proxy(subject, (*to.via)->authority(), to.server->url,
                  reach({to.origin, *to.via, to.server->tls}, of.deadline()))};
}

// --- dns --------------------------------------------------------------------

/// Names by what needs them; the first need of each name.
class name_list {
public:
  void add(const std::string& subject, const std::string& name) {
    if (!name.empty() && !config::ip_address::parse(name))
      names_.emplace(name, subject);
  }

  void add_url(const std::string& subject, const std::string& url) {
    if (const auto parts = http::parse_url(url))
      add(subject, parts->server.host);
  }

  [[nodiscard]] const std::map<std::string, std::string>& all() const {
    return names_;
  }

private:
  std::map<std::string, std::string> names_; ///< subjects by name
};

void add_sinks(name_list& names, const config::dead_letter_settings& settings) {
  using enum config::dead_letter_sink;
  for (const auto& each : settings.sinks) {
    const auto subject = "dead_letters." + each.name;
    if (each.type == http)
      names.add_url(subject, each.url.reveal());
    else if (each.type != file)
      if (const auto url = dead_letters::parse_service_url(
              each.url.reveal(), each.type == redis ? "redis" : "amqp", 1))
        names.add(subject, url->host);
  }
}

name_list names_of(const patient& of) {
  name_list names;
  if (calls_servers(of.settings))
    for (const auto& each : ways_of(of)) {
      const auto subject = subject_of(*each.server);
      if (each.via && *each.via)
        names.add(subject, (*each.via)->host); // which looks the server's up
      else
        names.add(subject, each.origin.host);
      if (each.server->auth.type == config::auth_type::oauth2)
        names.add_url(subject, each.server->auth.token_url);
    }
  if (of.settings.cluster.on())
    for (const auto& each : of.settings.cluster.seeds)
      names.add("cluster.seeds", each.host);
  add_sinks(names, of.settings.dead_letters);
  return names;
}

// --- clock ------------------------------------------------------------------

findings look_at_date(const patient& of, const way& to) {
  const auto subject = subject_of(*to.server);
  boost::asio::io_context io;
  const auto client =
      make_client(io, impatient(*to.server, of.timeout), to.server->url);
  if (!client)
    return {left_out(subject, client.error())};
  http::client_request request;
  request.method = "GET";
  request.target = to.server->paths.info;
  request.timeout = of.timeout;
  std::optional<http::client_result> result;
  date_seen seen{.subject = subject, .asked = system_clock::now()};
  (*client)->send(std::move(request), [&](http::client_result answer) {
    seen.answered = system_clock::now();
    result = std::move(answer);
    (*client)->close();
  });
  io.run();
  if (!result || !*result)
    return {left_out(subject, "it does not answer: see the check `servers`")};
  const auto date =
      core::parse_http_date((*result)->headers.first("Date"), seen.answered);
  if (!date)
    return {left_out(subject, "its answer has no Date")};
  seen.date = *date;
  return {
      judge_date(seen, least_tolerance(of.settings)
                           .value_or(config::signature_settings{}.tolerance))};
}

} // namespace

findings check_servers(const patient& of) {
  if (!calls_servers(of.settings))
    return {left_out("", peers_call)};
  return at_once(ways_of(of),
                 [&](const way& to) { return look_at_server(of, to); });
}

findings check_proxy(const patient& of) {
  if (!calls_servers(of.settings))
    return {left_out("", peers_call)};
  return at_once(ways_of(of),
                 [&](const way& to) { return look_at_proxy(of, to); });
}

findings check_dns(const patient& of) {
  const auto names = names_of(of);
  if (names.all().empty())
    return {left_out("", "the configuration names no host but by address")};
  return at_once(names.all(), [&](const auto& entry) {
    const auto& [name, subject] = entry;
    const auto first = look_up(name, of.timeout);
    // Who was late once would be so again.
    const auto second = first.late ? first : look_up(name, of.timeout);
    return findings{judge_name({subject, name, first, second})};
  });
}

findings check_clock(const patient& of) {
  findings all{judge_kernel_clock(read_kernel_clock())};
  if (!calls_servers(of.settings))
    return all;
  for (auto& each : at_once(
           ways_of(of), [&](const way& to) { return look_at_date(of, to); }))
    all.push_back(std::move(each));
  return all;
}

} // namespace mfo::node::doctor
