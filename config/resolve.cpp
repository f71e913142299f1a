#include "config/resolve.hpp"

#include "config/address.hpp"
#include "config/secret_field.hpp"
#include "config/uniqueness.hpp"

#include <fmt/format.h>

namespace mfo::config {

namespace {

constexpr auto short_form_id = "webhook";

void check_listeners(const file_content& file, const section_view& view,
                     reader& in) {
  const bool sound = view.sound(key::listen) && view.sound(key::admin_listen);
  if (sound && overlap(file.effective.listen, file.effective.admin_listen))
    in.report(view.blame({key::admin_listen, key::listen}),
              fmt::format("{} and {} must be different",
                          std::string_view(key::listen),
                          std::string_view(key::admin_listen)));
}

/// Who is not on this host must show who it is.
void check_admin(const file_content& file, const section_view& view,
                 reader& in) {
  const auto& [tokens, tls] = file.effective.admin;
  if (!view.sound(key::admin_listen) || !view.sound(key::admin) ||
      is_loopback(file.effective.admin_listen) || !tokens.empty() ||
      tls.client_auth == client_auth_mode::require)
    return;
  in.report(view.blame({key::admin_listen}),
            "beyond this host, the admin listener must know its callers",
            "set admin.token (or admin.token_file), or admin.tls with "
            "client_ca; or listen on 127.0.0.1");
}

void check_proxies(const section_view& view, reader& in) {
  const auto given = view.find(key::forwarded_header);
  if (given && !view.given(key::trusted_proxies))
    in.report(given->key_where, given->path,
              fmt::format("means nothing without {}",
                          std::string_view(key::trusted_proxies)));
}

void check_unique(const file_content& file, const section_view& view,
                  reader& in) {
  uniqueness ids(in);
  uniqueness paths(in);
  const auto webhook = view.find(key::webhook_path);
  if (webhook) {
    ids.add(short_form_id, *webhook);
    paths.add(file.webhook_path, *webhook);
  }
  const auto& endpoints = file.effective.endpoints;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto keys = element(view, key::endpoints, i);
    ids.add(endpoints[i].id, keys.blame({"id"}));
    paths.add(endpoints[i].path, keys.blame({"path"}));
  }
  uniqueness names(in);
  const auto& sinks = file.effective.dead_letters.sinks;
  for (std::size_t i = 0; i < sinks.size(); ++i)
    names.add(sinks[i].name,
              element(view, key::dead_letters, i).blame({"name"}));
}

void check_short_form(const section_view& view, reader& in) {
  if (view.given(key::webhook_path)) {
    require_one(view, {key::webhook_secret, key::webhook_secret_file}, in);
    return;
  }
  refuse_several(view, {key::webhook_secret, key::webhook_secret_file}, in);
  if (!view.given(key::endpoints) && !view.given(key::workflows)) {
    in.report(view.self().key_where, key::webhook_path, "missing required key",
              "or endpoints, the long form of it, or workflows");
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

} // namespace

section_view element(const section_view& view, std::string_view key,
                     std::size_t index) {
  const auto list = view.find(key);
  const auto* item = list->value->items[index].get();
  return {{item, item->where, fmt::format("{}[{}]", list->path, index)},
          view.keys()};
}

void resolve(file_content& file, const section_view& view, reader& in) {
  check_listeners(file, view, in);
  check_admin(file, view, in);
  check_proxies(view, in);
  check_short_form(view, in);
  check_unique(file, view, in);
  resolve_cluster(file, view, in);
  resolve_servers(file, view, in);
  add_short_form(file);
  complete_endpoints(file.effective);
  check_batches(file.effective, view, in);
  resolve_notifications(file.effective, view, in);
}

} // namespace mfo::config
