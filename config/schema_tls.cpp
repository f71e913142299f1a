#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <algorithm>
#include <string_view>

namespace mfo::config {

namespace {

namespace tls_key {
constexpr auto certificate = "certificate";
constexpr auto key = "key";
constexpr auto client_ca = "client_ca";
constexpr auto client_auth = "client_auth";
constexpr auto client_names = "client_names";
constexpr auto crl = "crl";
constexpr auto token = "token";
constexpr auto token_file = "token_file";
} // namespace tls_key

void finish_listener_tls(listener_tls_settings& tls, const section_view& view,
                         reader& in) {
  const auto given = view.given(tls_key::client_ca);
  for (const auto* other : {tls_key::client_names, tls_key::crl})
    if (const auto at = view.find(other); at && !given)
      in.report(*at, "means nothing without client_ca");
  if (!view.given(tls_key::client_auth)) {
    if (given)
      tls.client_auth = client_auth_mode::require;
    return;
  }
  if (!view.sound(tls_key::client_auth))
    return;
  const auto at = view.blame({tls_key::client_auth});
  const bool asks = tls.client_auth != client_auth_mode::none;
  if (asks && !given)
    in.report(at, "needs client_ca",
              "the certificates (PEM) of those who vouch for clients");
  if (!asks && given)
    in.report(at, "client_ca means nothing with none",
              "request, require, or no client_ca");
}

void put_token(admin_settings& admin, secret token) {
  admin.tokens.push_back(std::move(token));
}

void finish_admin(admin_settings& admin, const section_view& view, reader& in) {
  refuse_several(view, {tls_key::token, tls_key::token_file}, in);
  if (!std::ranges::all_of(admin.tokens, [](const secret& token) {
        return is_bearer_token(token.reveal());
      }))
    in.report(view.blame({tls_key::token, tls_key::token_file}),
              "a token is visible ASCII characters, no spaces",
              "openssl rand -hex 32 makes a good one");
}

} // namespace

section<listener_tls_settings> listener_tls_table() {
  using s = listener_tls_settings;
  constexpr std::size_t most_names = 1000;
  return make_section<s>(
      {
          file_path<s>({.key = tls_key::certificate,
                        .help = "The listener's certificate (PEM), with its "
                                "chain. Read again on SIGHUP and when it "
                                "changes, as are the other files.",
                        .example = "/etc/mfo/tls/node.pem",
                        .required = true},
                       &s::certificate),
          file_path<s>({.key = tls_key::key,
                        .help = "Its private key (PEM), without a pass "
                                "phrase.",
                        .example = "/run/secrets/node.key",
                        .required = true},
                       &s::key),
          file_path<s>({.key = tls_key::client_ca,
                        .help = "Certificates (PEM) of those who vouch for "
                                "clients.",
                        .example = "/etc/mfo/tls/clients.pem",
                        .default_text = "none"},
                       &s::client_ca),
          value<s>({.key = tls_key::client_auth,
                    .help = "Whether a client needs a certificate; `request`: "
                            "one that it gives must be good.",
                    .example = "request",
                    .default_text = "`require` with `client_ca`, else `none`"},
                   &s::client_auth,
                   one_of<client_auth_mode>(
                       {{"none", client_auth_mode::none},
                        {"request", client_auth_mode::request},
                        {"require", client_auth_mode::require}})),
          value_list<s>({.key = tls_key::client_names,
                         .help = "What a client's certificate must be for, one "
                                 "of them: a subject alternative name (DNS, "
                                 "URI or e-mail) or the common name, letter "
                                 "for letter.",
                         .example = "[billing.example.com]",
                         .default_text = "any"},
                        &s::client_names,
                        text("name", "1 to 256 characters", parse_visible_text),
                        most_names),
          file_path<s>({.key = tls_key::crl,
                        .help = "Revocation lists (PEM), one of every CA in a "
                                "client's chain.",
                        .example = "/etc/mfo/tls/crl.pem",
                        .default_text = "none"},
                       &s::crl),
          value<s>({.key = "min_version",
                    .help = "The oldest version of TLS that is spoken.",
                    .example = "1.3"},
                   &s::min_version,
                   one_of<tls_version>({{"1.2", tls_version::v1_2},
                                        {"1.3", tls_version::v1_3}})),
          nested<s>({.key = "handshakes_per_address",
                     .help = "How many handshakes one address may have (IPv6: "
                             "one /64; a trusted proxy: any number); beyond it "
                             "its connections are closed.",
                     .default_text = "50 a second, 200 at once"},
                    &s::handshakes_per_address, rate_table()),
      },
      finish_listener_tls);
}

section<admin_settings> admin_table() {
  using s = admin_settings;
  return make_section<s>(
      {
          secret_list<s>({.key = tls_key::token,
                          .help = "What callers send as `Authorization: Bearer "
                                  "<token>`, or several, any of which may "
                                  "match. All but `/health/live` and "
                                  "`/health/ready` needs it.",
                          .example = "${ADMIN_TOKEN}",
                          .default_text = "none: it is not asked for"},
                         true, put_token,
                         [](const s& admin) { return admin.tokens.size(); })
              .only_if([](const s& admin) { return !admin.tokens.empty(); }),
          secret_file<s>({.key = tls_key::token_file,
                          .help = "A file that holds the token, in place of "
                                  "`token`.",
                          .example = "/run/secrets/admin-token",
                          .default_text = "none"},
                         put_token),
          nested<s>({.key = "tls", .help = "TLS of the admin listener."},
                    &s::tls, listener_tls_table())
              .only_if([](const s& admin) { return admin.tls.enabled(); }),
      },
      finish_admin);
}

} // namespace mfo::config
