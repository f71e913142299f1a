#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <algorithm>

namespace mfo::config {

namespace {

constexpr auto cluster_tls_key = "tls";
constexpr auto without_tls = "off";

section<cluster_tls_settings> cluster_tls_table() {
  using s = cluster_tls_settings;
  constexpr std::size_t most_names = 1000;
  return make_section<s>({
      file_path<s>({.key = "certificate",
                    .help = "This node's certificate (PEM), with its chain; "
                            "for the name `node_name`.",
                    .example = "/etc/mfo/cluster/node-a.crt",
                    .required = true},
                   &s::certificate),
      file_path<s>({.key = "key",
                    .help = "Its private key (PEM), without a pass phrase.",
                    .example = "/run/secrets/node-a.key",
                    .required = true},
                   &s::key),
      file_path<s>({.key = "ca",
                    .help = "The certificate (PEM) of the cluster's own "
                            "authority. Whoever has one of its certificates "
                            "can be a peer: it vouches for nothing else.",
                    .example = "/etc/mfo/cluster/ca.crt",
                    .required = true},
                   &s::ca),
      value_list<s>(
          {.key = "names",
           .help = "What a peer's certificate must be for, one of them: a "
                   "name, all names below one (`*.`), or `*`.",
           .example = "[node-a, \"*.nodes.example.com\"]",
           .default_text = "all that the authority vouches for: `*`"},
          &s::names,
          text("name", "a name, *. and a name, or *", parse_peer_name),
          most_names),
  });
}

/// A map with none of these keys may be anything, and its keys are not told.
bool may_be_tls(const node& value, const std::vector<key_spec>& keys) {
  return value.entries.empty() ||
         std::ranges::any_of(value.entries, [&](const map_entry& entry) {
           return std::ranges::find(keys, entry.key, &key_spec::key) !=
                  keys.end();
         });
}

} // namespace

field<cluster_settings> cluster_tls_field() {
  const auto table = cluster_tls_table();
  key_spec spec{
      .key = cluster_tls_key,
      .help = "How nodes prove to each other who they are, by TLS 1.3 with "
              "certificates on both sides; or `off`, where `listen`, "
              "`advertise` and all `seeds` are on loopback.",
      .example = "off",
      .required = true,
      .type = "map or `off`",
      .keys = table.keys};
  return {std::move(spec),
          [table](cluster_settings& cluster, const cursor& at, reader& in) {
            if (at.value->kind == node_kind::scalar) {
              const auto text = in.read_text(at);
              cluster.tls.on = text != without_tls;
              if (text && cluster.tls.on)
                in.report(at, "must be a map of certificate, key and ca, or "
                              "off");
            } else if (may_be_tls(*at.value, table.keys)) {
              read_section(table, cluster.tls, at, in);
            } else {
              in.report(at, "must be off, or a map of certificate, key, ca and "
                            "names");
            }
          },
          [table](const cluster_settings& cluster, YAML::Emitter& out) {
            if (!cluster.tls.on)
              return write_text(out, cluster_tls_key, without_tls);
            write_key(out, cluster_tls_key);
            write_section(table, cluster.tls, out);
          }};
}

} // namespace mfo::config
