#include "config/resolve.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

namespace mfo::config {

namespace {

/// Some networks, perhaps none. `get` is as with the other fields.
template <class S, class Get>
field<S> network_list(key_spec spec, Get get) {
  constexpr std::size_t most = 1000;
  spec.type = "list of networks";
  spec.range = "1 to " + std::to_string(most);
  const auto key = spec.key;
  return {std::move(spec),
          [get](S& values, const cursor& at, reader& in) {
            for (const auto& item : in.read_list(at, most)) {
              const auto text = in.read_text(item);
              if (!text)
                continue;
              // What is a network is no secret: the right one may be shown.
              if (const auto found = ip_network::parse(*text))
                get(values).push_back(*found);
              else
                in.report(item, found.error());
            }
          },
          [get, key](const S& values, YAML::Emitter& out) {
            if (get(values).empty())
              return;
            write_key(out, key);
            write_list(out, [&] {
              for (const auto& each : get(values))
                write_item(out, each.to_string());
            });
          }};
}

field<endpoint_settings> rate_field(std::string key, std::string help,
                                    rate_settings access_settings::*member) {
  const auto get = [member](auto& endpoint) -> auto& {
    return endpoint.access.*member;
  };
  return nested<endpoint_settings>({.key = std::move(key),
                                    .help = std::move(help),
                                    .default_text = "none"},
                                   get, rate_table())
      .only_if([get](const endpoint_settings& endpoint) {
        return get(endpoint).per_second > 0;
      });
}

} // namespace

std::vector<field<endpoint_settings>> access_fields() {
  return {
      network_list<endpoint_settings>(
          {.key = "allow_from",
           .help = "The networks that may send to the endpoint, or addresses; "
                   "others are answered 403.",
           .example = "[192.0.2.0/24, \"2001:db8::/32\"]",
           .default_text = "all addresses"},
          [](auto& endpoint) -> auto& { return endpoint.access.allow_from; }),
      rate_field("rate_limit",
                 "How many requests the endpoint takes, of all senders "
                 "together; beyond it the answer is 429.",
                 &access_settings::rate_limit),
      rate_field("rate_limit_per_address",
                 "How many requests the endpoint takes from one address "
                 "(IPv6: from one /64); beyond it the answer is 429.",
                 &access_settings::rate_limit_per_address),
  };
}

std::vector<field<file_content>> proxy_fields() {
  return {
      network_list<file_content>(
          {.key = mfo::config::key::trusted_proxies,
           .help = "The networks of reverse proxies that are believed when "
                   "they say for whom they ask, or addresses "
                   "([access](access.md)).",
           .example = "[10.0.0.0/8]",
           .default_text = "none"},
          [](auto& file) -> auto& {
            return file.effective.proxies.trusted_proxies;
          }),
      value<file_content>(
          {.key = mfo::config::key::forwarded_header,
           .help = "Where they say it: `X-Forwarded-For`, or `Forwarded` (RFC "
                   "7239). The other is never read.",
           .example = "forwarded"},
          [](auto& file) -> auto& { return file.effective.proxies.header; },
          one_of<forwarded_header>(
              {{"x-forwarded-for", forwarded_header::x_forwarded_for},
               {"forwarded", forwarded_header::forwarded}}))
          .only_if([](const file_content& file) {
            return !file.effective.proxies.trusted_proxies.empty();
          }),
  };
}

} // namespace mfo::config
