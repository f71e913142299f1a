#include "config/schema.hpp"

#include "config/address.hpp"
#include "config/node_name.hpp"
#include "config/resolve.hpp"
#include "config/schema_common.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace mfo::config {

namespace {

/// A member of the settings, seen from the file.
template <class T>
auto of(T settings::*member) {
  return [member](auto& file) -> auto& {
    return file.effective.*member;
  };
}

const auto sinks = [](auto& file) -> auto& {
  return file.effective.dead_letters.sinks;
};

void put_webhook_secret(file_content& file, secret value) {
  file.webhook_secrets.push_back(std::move(value));
}

std::size_t count_webhook_secrets(const file_content& file) {
  return file.webhook_secrets.size();
}

/// A short form is there in the file only; the long form shows what it made.
bool never(const file_content&) {
  return false;
}

std::vector<field<file_content>> server_fields() {
  using f = file_content;
  constexpr std::size_t most_servers = 100;
  constexpr std::size_t most_policies = 100;
  std::vector<field<f>> fields{
      value<f>({.key = key::server_url,
                .help = "The short form of one server, called `default`: "
                        "scheme, host, perhaps a port and a base path.",
                .example = "https://mfo.example.com",
                .default_text = "required unless there are `servers`"},
               &f::server_url,
               text("URL", "http or https; no user, query or fragment",
                    parse_server_url))
          .only_if(never)};
  for (auto& one : secret_or_file<f>(
           key::server_token,
           "Sent to that server as `Authorization: Bearer <token>`.",
           "${MFO_TOKEN}", &f::server_token))
    fields.push_back(std::move(one).only_if(never));
  fields.push_back(
      map_of<f>({.key = key::servers,
                 .help = "The MFO servers by name; the long form.",
                 .default_text = "required unless there is `server_url`"},
                of(&settings::servers), &server_settings::name, server_table(),
                most_servers));
  fields.push_back(map_of<f>(
      {.key = key::retries,
       .help = "Retry policies by name. One called `default` is there, with "
               "the defaults below, unless it is given.",
       .default_text = "`default` alone"},
      of(&settings::retries), &retry_settings::name, retry_table(),
      most_policies));
  return fields;
}

std::vector<field<file_content>> webhook_fields() {
  using f = file_content;
  return {
      value<f>({.key = key::webhook_path,
                .help = "The short form of one endpoint: the path to which the "
                        "sender posts. Its id is `webhook`.",
                .example = "/webhook",
                .default_text = "required unless there are `endpoints`"},
               &f::webhook_path,
               text("URL path", "starts with /; no ?, #, space or //",
                    parse_request_path))
          .only_if(never),
      secret_list<f>({.key = key::webhook_secret,
                      .help = "The secret of that endpoint, or several, any of "
                              "which may match. The signature is the hex "
                              "HMAC-SHA256 of the body in `X-Signature`.",
                      .example = "${WEBHOOK_SECRET}",
                      .default_text = "required with `webhook_path`"},
                     true, put_webhook_secret, count_webhook_secrets)
          .only_if(never),
      secret_file<f>({.key = key::webhook_secret_file,
                      .help = "A file that holds the secret, in place of "
                              "`webhook_secret`.",
                      .example = "/run/secrets/webhook",
                      .default_text = "none"},
                     put_webhook_secret),
  };
}

std::vector<field<file_content>> node_fields() {
  using f = file_content;
  using namespace std::chrono_literals;
  constexpr std::size_t most_endpoints = 1000;
  constexpr std::size_t most_sinks = 16;
  constexpr std::size_t most_notifications = 100;
  return {
      value<f>({.key = key::listen,
                .help = "Where events are taken in.",
                .example = "0.0.0.0:8088"},
               of(&settings::listen), address()),
      nested<f>(
          {.key = "tls", .help = "TLS of `listen`; without it, there is none."},
          of(&settings::tls), listener_tls_table())
          .only_if([](const f& file) { return file.effective.tls.enabled(); }),
      value<f>({.key = "public_url",
                .help = "Where senders reach `listen` from outside, less the "
                        "endpoint's path. `mfo-node doctor` "
                        "[tries it](doctor.md#public_url).",
                .example = "https://hooks.example.com",
                .default_text = "none"},
               of(&settings::public_url),
               text("URL", "http or https; no user, query or fragment",
                    parse_server_url))
          .only_if(
              [](const f& file) { return !file.effective.public_url.empty(); }),
      value<f>({.key = key::admin_listen,
                .help = "Where health and metrics are served. Beyond this host "
                        "only with `admin.token`, or with `admin.tls` that "
                        "requires a client's certificate.",
                .example = "[::1]:9090"},
               of(&settings::admin_listen), address()),
      nested<f>(
          {.key = key::admin, .help = "Who may talk to the admin listener."},
          of(&settings::admin), admin_table())
          .only_if([](const f& file) {
            const auto& admin = file.effective.admin;
            return !admin.tokens.empty() || admin.tls.enabled();
          }),
      value<f>(
          {.key = "node_name",
           .help = "The name of this node in logs and metrics, and in its "
                   "cluster, where each has its own and keeps it.",
           .example = "node-1",
           .default_text = "the host's name"},
          of(&settings::node_name),
          text("name",
               "1 to 64 of A-Z, a-z, 0-9, ., _, -, the first a letter or digit",
               parse_node_name)),
      value<f>({.key = "workers",
                .help = "Threads that process events: one does it all, of two "
                        "one takes them in and one calls servers, more run "
                        "filters and taskflows.",
                .example = "2"},
               of(&settings::workers), integer<unsigned>(1, 256)),
      value<f>({.key = "drain_timeout",
                .help = "How long a node that is told to stop waits for the "
                        "events in flight.",
                .example = "30s"},
               of(&settings::drain_timeout), duration(0ms, 1h)),
      list_of<f>({.key = key::endpoints,
                  .help = "Where events come in; the long form.",
                  .default_text = "required unless there is `webhook_path`"},
                 of(&settings::endpoints), endpoint_table(), most_endpoints),
      list_of<f>({.key = key::dead_letters,
                  .help =
                      "Where events go that were acknowledged and cannot be "
                      "delivered: the first of these that takes them.",
                  .default_text = "none; required with `ack: received`"},
                 sinks, dead_letter_table(), most_sinks),
      list_of<f>({.key = key::notifications,
                  .help = "What the node asks its servers to tell it: it "
                          "subscribes when it is ready, and again from time "
                          "to time.",
                  .default_text = "none"},
                 of(&settings::notifications), notification_table(),
                 most_notifications),
  };
}

std::vector<field<file_content>> section_fields() {
  using f = file_content;
  return {
      nested<f>({.key = key::cluster,
                 .help = "The node as one of [several](#nodes-of-a-cluster). "
                         "Without it, the node is alone.",
                 .default_text = "none"},
                of(&settings::cluster), cluster_table())
          .only_if([](const f& file) { return file.effective.cluster.on(); }),
      nested<f>({.key = "limits", .help = "Bounds of what is taken in."},
                of(&settings::limits), limits_table()),
      nested<f>({.key = "dedup",
                 .help = "What the node remembers of deliveries that have an "
                         "id, to take none twice."},
                of(&settings::dedup), dedup_table()),
      nested<f>({.key = "events",
                 .help = "What the node remembers of its last events, for "
                         "[who looks at them](admin.md#events)."},
                of(&settings::events), event_book_table()),
      nested<f>({.key = "recording",
                 .help = "Whether requests may be "
                         "[recorded](config-tests.md#recording) as cases."},
                of(&settings::recording), recording_table()),
      nested<f>({.key = "http_call",
                 .help = "What `http_call` of a taskflow may reach "
                         "([http_call](http-call.md))."},
                of(&settings::http_call), http_call_table()),
      nested<f>({.key = "tracing",
                 .help = "Which [traces](tracing.md) begin here, and where "
                         "their spans go."},
                of(&settings::tracing), tracing_table()),
      nested<f>({.key = "log", .help = "Logs, on standard output."},
                of(&settings::log), log_table()),
  };
}

} // namespace

section<file_content> file_table() {
  std::vector<field<file_content>> fields;
  const auto add = [&fields](std::vector<field<file_content>> group) {
    std::ranges::move(group, std::back_inserter(fields));
  };
  add(server_fields());
  add(webhook_fields());
  add(node_fields());
  add(proxy_fields());
  add(taskflow_fields());
  add(section_fields());
  return make_section<file_content>(std::move(fields), resolve);
}

} // namespace mfo::config
