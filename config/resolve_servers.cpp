#include "config/address.hpp"
#include "config/resolve.hpp"
#include "config/secret_field.hpp"
#include "config/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace mfo::config {

namespace {

constexpr auto default_name = "default";

template <class T>
const T* find_named(const std::vector<T>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &T::name);
  return found == all.end() ? nullptr : &*found;
}

template <class T>
referents entries_of(std::string_view key, const std::vector<T>& all) {
  referents known{.names = {},
                  .what = fmt::format("the name of an entry of {}", key)};
  for (const auto& each : all)
    known.names.push_back(each.name);
  return known;
}

void check_token(const file_content& file, const section_view& view,
                 reader& in) {
  refuse_several(view, {key::server_token, key::server_token_file}, in);
  const auto& token = file.server_token.value;
  if (!token.empty() && !is_bearer_token(token.reveal()))
    in.report(view.blame({key::server_token, key::server_token_file}),
              "must be visible ASCII characters without spaces, since it is "
              "sent in a header");
}

void check_short_form(const file_content& file, const section_view& view,
                      reader& in) {
  if (const auto url = view.find(key::server_url)) {
    check_token(file, view, in);
    if (find_named(file.effective.servers, default_name) != nullptr)
      in.report(url->key_where, url->path,
                "cannot stand beside servers.default", "give one of them");
    return;
  }
  if (!view.given(key::servers)) {
    in.report(view.self().key_where, key::server_url, "missing required key",
              "or servers, the long form of it");
    return;
  }
  for (const auto* alone : {key::server_token, key::server_token_file})
    if (const auto given = view.find(alone))
      in.report(given->key_where, given->path,
                "means nothing without server_url",
                "a server of servers has its token in its auth");
}

void add_short_server(file_content& file) {
  if (file.server_url.empty())
    return;
  server_settings server;
  server.url = file.server_url;
  if (!file.server_token.value.empty()) {
    server.auth.type = auth_type::bearer;
    server.auth.token = file.server_token;
  }
  auto& servers = file.effective.servers;
  servers.insert(servers.begin(), std::move(server));
}

/// A server's key in the file; the server itself for what is not given.
cursor server_key(const section_view& view, const std::string& server,
                  std::string_view name) {
  const auto servers = view.find(key::servers);
  if (!servers)
    return view.self();
  for (const auto& entry : servers->value->entries)
    if (entry.key == server)
      return section_view({entry.value.get(), entry.where,
                           join_path(servers->path, entry.key)},
                          view.keys())
          .blame({name});
  return *servers;
}

void resolve_policies(file_content& file, const section_view& view,
                      reader& in) {
  auto& policies = file.effective.retries;
  if (find_named(policies, default_name) == nullptr)
    policies.insert(policies.begin(), retry_settings{});
  for (auto& server : file.effective.servers) {
    check_reference(entries_of(key::retries, policies), server.retry_policy,
                    server_key(view, server.name, "retry"), in);
    if (const auto* policy = find_named(policies, server.retry_policy))
      server.retry = *policy;
  }
}

/// What is meant where no server is named; empty: it must be named.
std::string usual_server(const std::vector<server_settings>& servers) {
  if (servers.size() == 1)
    return servers.front().name;
  return find_named(servers, default_name) != nullptr ? default_name : "";
}

/// Fills in the server of each element of the list under `list_key`, and
/// reports what stands for none.
template <class T>
void resolve_references(std::vector<T>& elements, std::string_view list_key,
                        const std::vector<server_settings>& servers,
                        const section_view& view, reader& in) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    auto& name = elements[i].server;
    const auto keys = element(view, list_key, i);
    if (const auto given = keys.find("server")) {
      if (!name.empty())
        check_reference(entries_of(key::servers, servers), name, *given, in);
      continue;
    }
    name = usual_server(servers);
    if (name.empty())
      in.report(keys.self().key_where, join_path(keys.self().path, "server"),
                "missing required key",
                "there are several servers and none is called default");
  }
}

void resolve_taskflows(settings& values, const section_view& view, reader& in) {
  auto& name = values.taskflows.server;
  if (!name.empty()) {
    const auto section = view.find(key::taskflows);
    check_reference(entries_of(key::servers, values.servers), name,
                    section_view(*section, view.keys()).blame({"server"}), in);
    return;
  }
  name = usual_server(values.servers);
  const auto workflows = view.find(key::workflows);
  if (name.empty() && workflows)
    in.report(workflows->key_where, join_path(key::taskflows, "server"),
              "missing required key",
              "there are several servers and none is called default");
}

void check_acks(const settings& values, const section_view& view, reader& in) {
  if (!values.dead_letters.sinks.empty())
    return;
  for (std::size_t i = 0; i < values.endpoints.size(); ++i)
    if (values.endpoints[i].ack != ack_mode::completed)
      in.report(element(view, key::endpoints, i).blame({"ack"}),
                fmt::format("{} needs dead_letters",
                            to_string(values.endpoints[i].ack)),
                "an event that is acknowledged must have a place to end in");
}

/// So that a server that hangs cannot hold all that the node may hold.
void share_room(settings& values) {
  const auto share = values.limits.max_in_flight / values.servers.size();
  for (auto& server : values.servers)
    if (server.max_waiting == 0)
      server.max_waiting =
          share > server.max_in_flight ? share - server.max_in_flight : 1;
}

} // namespace

void check_reference(const referents& known, std::string_view name,
                     const cursor& at, reader& in) {
  if (std::ranges::find(known.names, name) != known.names.end())
    return;
  const auto near = known.are_keys ? nearest(name, known.names) : std::nullopt;
  in.report(at, fmt::format("is not {}", known.what),
            near ? fmt::format("did you mean {}?", *near) : std::string());
}

void resolve_servers(file_content& file, const section_view& view, reader& in) {
  auto& values = file.effective;
  check_short_form(file, view, in);
  add_short_server(file);
  resolve_policies(file, view, in);
  if (values.servers.empty())
    return;
  share_room(values);
  resolve_references(values.endpoints, key::endpoints, values.servers, view,
                     in);
  resolve_references(values.notifications, key::notifications, values.servers,
                     view, in);
  resolve_taskflows(values, view, in);
  if (const auto webhook = view.find(key::webhook_path);
      webhook && usual_server(values.servers).empty())
    in.report(webhook->key_where, webhook->path,
              "there are several servers and none is called default",
              "use endpoints, which have a server");
  check_acks(values, view, in);
}

void check_batches(const settings& values, const section_view& view,
                   reader& in) {
  for (const auto& server : values.servers) {
    const auto& batch = server.batch;
    if (batch.max_events == 1)
      continue;
    const auto at = server_key(view, server.name, "batch");
    const auto room = server.max_in_flight + server.max_waiting;
    if (batch.max_events > room)
      in.report(at, fmt::format("max_events must not be more than "
                                "max_in_flight and max_waiting together, {}",
                                room));
    for (const auto& endpoint : values.endpoints)
      if (endpoint.server == server.name &&
          endpoint.lifetime < 2 * batch.max_wait)
        in.report(at, fmt::format("max_wait must not be more than half of what "
                                  "an event of endpoint {} may take",
                                  endpoint.id));
  }
}

void complete_endpoints(settings& values) {
  for (auto& endpoint : values.endpoints) {
    if (endpoint.server.empty())
      endpoint.server = usual_server(values.servers);
    endpoint.lifetime = endpoint.timeout;
    const auto* server = find_named(values.servers, endpoint.server);
    if (endpoint.ack != ack_mode::completed && server != nullptr)
      endpoint.lifetime = server->retry.max_duration;
  }
}

} // namespace mfo::config
