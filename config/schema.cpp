#include "config/schema.hpp"

#include "config/address.hpp"
#include "config/secret_field.hpp"

#include <fmt/format.h>

#include <map>

namespace mfo::config {

namespace {

namespace key {
constexpr auto server_url = "server_url";
constexpr auto server_token = "server_token";
constexpr auto server_token_file = "server_token_file";
constexpr auto webhook_path = "webhook_path";
constexpr auto webhook_secret = "webhook_secret";
constexpr auto webhook_secret_file = "webhook_secret_file";
constexpr auto listen = "listen";
constexpr auto admin_listen = "admin_listen";
constexpr auto endpoints = "endpoints";
constexpr auto id = "id";
constexpr auto path = "path";
} // namespace key

constexpr auto short_form_id = "webhook";

/// A member of the settings, seen from the file.
template <class T>
auto of(T settings::*member) {
  return [member](auto& file) -> auto& {
    return file.effective.*member;
  };
}

const auto server_url = [](auto& file) -> auto& {
  return file.effective.upstream.url;
};

void put_token(file_content& file, secret value) {
  file.effective.upstream.token = std::move(value);
}

void put_webhook_secret(file_content& file, secret value) {
  file.webhook_secrets.push_back(std::move(value));
}

std::size_t count_webhook_secrets(const file_content& file) {
  return file.webhook_secrets.size();
}

/// The short form says it in the file only; the endpoint shows what it made.
bool never(const file_content&) {
  return false;
}

void check_token(const file_content& file, const section_view& view,
                 reader& in) {
  refuse_several(view, {key::server_token, key::server_token_file}, in);
  const auto& token = file.effective.upstream.token;
  if (token && !is_bearer_token(token->reveal()))
    in.report(view.blame({key::server_token, key::server_token_file}),
              "must be visible ASCII characters without spaces, since it is "
              "sent in a header");
}

void check_listeners(const file_content& file, const section_view& view,
                     reader& in) {
  const bool sound = view.sound(key::listen) && view.sound(key::admin_listen);
  if (sound && overlap(file.effective.listen, file.effective.admin_listen))
    in.report(view.blame({key::admin_listen, key::listen}),
              fmt::format("{} and {} must be different",
                          std::string_view(key::listen),
                          std::string_view(key::admin_listen)));
}

/// Reports values that an earlier endpoint has already.
class uniqueness {
public:
  explicit uniqueness(reader& in) : in_(in) {}

  /// An empty text stands for a value that is wrong or missing.
  void add(const std::string& text, const cursor& at) {
    if (text.empty())
      return;
    const auto [first, is_new] = seen_.emplace(text, at.where());
    if (!is_new)
      in_.report(at, fmt::format("must be unique; line {} has it already",
                                 first->second.line));
  }

private:
  reader& in_;
  std::map<std::string, place> seen_;
};

void check_unique(const file_content& file, const section_view& view,
                  reader& in) {
  uniqueness ids(in);
  uniqueness paths(in);
  const auto webhook = view.find(key::webhook_path);
  if (webhook) {
    ids.add(short_form_id, *webhook);
    paths.add(file.webhook_path, *webhook);
  }
  const auto endpoints = view.find(key::endpoints);
  for (std::size_t i = 0; i < file.effective.endpoints.size(); ++i) {
    const auto& endpoint = file.effective.endpoints[i];
    const auto* item = endpoints->value->items[i].get();
    const section_view keys(
        {item, item->where, fmt::format("{}[{}]", key::endpoints, i)},
        view.keys());
    ids.add(endpoint.id, keys.blame({key::id}));
    paths.add(endpoint.path, keys.blame({key::path}));
  }
}

void check_short_form(const section_view& view, reader& in) {
  if (view.given(key::webhook_path)) {
    require_one(view, {key::webhook_secret, key::webhook_secret_file}, in);
    return;
  }
  refuse_several(view, {key::webhook_secret, key::webhook_secret_file}, in);
  if (!view.given(key::endpoints)) {
    in.report(view.self().key_where, key::webhook_path, "missing required key",
              "or endpoints, the long form of it");
    return;
  }
  for (const auto* alone : {key::webhook_secret, key::webhook_secret_file})
    if (const auto given = view.find(alone))
      in.report(given->key_where, given->path,
                "means nothing without webhook_path",
                "an endpoint has its secret in its signature");
}

void add_short_form(file_content& file) {
  if (file.webhook_path.empty())
    return;
  endpoint_settings endpoint;
  endpoint.id = short_form_id;
  endpoint.path = file.webhook_path;
  endpoint.signature.secrets = file.webhook_secrets;
  auto& endpoints = file.effective.endpoints;
  endpoints.insert(endpoints.begin(), std::move(endpoint));
}

void finish_file(file_content& file, const section_view& view, reader& in) {
  check_token(file, view, in);
  check_listeners(file, view, in);
  check_short_form(view, in);
  check_unique(file, view, in);
  add_short_form(file);
}

std::vector<field<file_content>> server_fields() {
  using f = file_content;
  return {
      value<f>({.key = key::server_url,
                .help = "The MFO server: scheme, host, perhaps a port and a "
                        "base path.",
                .example = "https://mfo.example.com",
                .required = true},
               server_url,
               text("URL", "http or https; no user, query or fragment",
                    parse_server_url)),
      secret_text<f>({.key = key::server_token,
                      .help = "Sent to the server as `Authorization: Bearer "
                              "<token>`.",
                      .example = "${MFO_TOKEN}",
                      .default_text = "none"},
                     put_token)
          .only_if([](const f& file) {
            return file.effective.upstream.token.has_value();
          }),
      secret_file<f>({.key = key::server_token_file,
                      .help = "A file that holds the token.",
                      .example = "/run/secrets/mfo-token",
                      .default_text = "none"},
                     put_token),
  };
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
  return {
      value<f>({.key = key::listen,
                .help = "Where events are taken in.",
                .example = "0.0.0.0:8088"},
               of(&settings::listen), address()),
      value<f>({.key = key::admin_listen,
                .help = "Where health and metrics are served; without "
                        "authentication, so keep it private.",
                .example = "[::1]:9090"},
               of(&settings::admin_listen), address()),
      value<f>(
          {.key = "node_name",
           .help = "The name of this node in logs and metrics.",
           .example = "node-1",
           .default_text = "the host's name"},
          of(&settings::node_name),
          text("name", "1 to 128 of A-Z, a-z, 0-9, ., _, -", parse_node_name)),
      value<f>({.key = "workers",
                .help = "Threads that process events.",
                .example = "4"},
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
  };
}

std::vector<field<file_content>> section_fields() {
  using f = file_content;
  return {
      nested<f>({.key = "limits", .help = "Bounds of what is taken in."},
                of(&settings::limits), limits_table()),
      nested<f>({.key = "upstream", .help = "How the server is called."},
                of(&settings::upstream), upstream_table()),
      nested<f>({.key = "log", .help = "Logs, on standard output."},
                of(&settings::log), log_table()),
  };
}

} // namespace

const section<file_content>& file_table() {
  static const auto table = [] {
    std::vector<field<file_content>> fields;
    for (const auto& group :
         {server_fields(), webhook_fields(), node_fields(), section_fields()})
      fields.insert(fields.end(), group.begin(), group.end());
    return make_section<file_content>(std::move(fields), finish_file);
  }();
  return table;
}

} // namespace mfo::config
