#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/secret_field.hpp"
#include "config/secret_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

using schemes = std::initializer_list<signature_scheme>;
using enum signature_scheme;

namespace signature_key {
constexpr auto scheme = "scheme";
constexpr auto secret = "secret";
constexpr auto secrets = "secrets";
constexpr auto secret_file = "secret_file";
constexpr auto header = "header";
constexpr auto algorithm = "algorithm";
constexpr auto encoding = "encoding";
constexpr auto prefix = "prefix";
constexpr auto signed_content = "template";
constexpr auto timestamp_header = "timestamp_header";
constexpr auto id_header = "id_header";
constexpr auto tolerance = "tolerance";
constexpr auto public_url = "public_url";
constexpr auto accepts_unsigned = "i_accept_unsigned_events";
} // namespace signature_key

codec<signature_scheme> scheme_codec() {
  std::vector<std::pair<std::string, signature_scheme>> words;
  for (const auto each : {hmac, standard_webhooks, github, stripe, slack,
                          shopify, gitlab, twilio, token, basic, none})
    words.emplace_back(to_string(each), each);
  return one_of<signature_scheme>(std::move(words));
}

bool is_one_of(const signature_settings& signature, schemes list) {
  return std::ranges::find(list, signature.scheme) != list.end();
}

/// Which schemes read which key; the others refuse it.
struct use {
  std::string_view key;
  schemes by;
};

bool is_hmac(const signature_settings& signature) {
  return is_one_of(signature, {hmac});
}

bool has_header(const signature_settings& signature) {
  return is_one_of(signature, {hmac, token});
}

bool has_time(const signature_settings& signature) {
  return is_one_of(signature, {standard_webhooks, stripe, slack, gitlab}) ||
         !signature.timestamp_header.empty();
}

void put(signature_settings& signature, secret value) {
  signature.secrets.push_back(std::move(value));
}

std::size_t count(const signature_settings& signature) {
  return signature.secrets.size();
}

void check_secrets(const signature_settings& signature,
                   const section_view& view, reader& in) {
  for (const auto& each : signature.secrets)
    if (const auto wrong = flaw_of_secret(signature.scheme, each.reveal());
        !wrong.empty()) {
      in.report(view.blame({signature_key::secret, signature_key::secrets,
                            signature_key::secret_file}),
                std::string{wrong},
                fmt::format("scheme {} has its own form of secrets",
                            scheme_codec().show(signature.scheme)));
      return; // one is enough: the value must not be pointed at
    }
}

void check_uses(const signature_settings& signature, const section_view& view,
                reader& in) {
  const auto name = scheme_codec().show(signature.scheme);
  const use uses[]{{signature_key::header, {hmac, token}},
                   {signature_key::algorithm, {hmac}},
                   {signature_key::encoding, {hmac}},
                   {signature_key::prefix, {hmac, token}},
                   {signature_key::signed_content, {hmac}},
                   {signature_key::timestamp_header, {hmac}},
                   {signature_key::id_header, {hmac}},
                   {signature_key::tolerance,
                    {hmac, standard_webhooks, stripe, slack, gitlab}},
                   {signature_key::public_url, {twilio}},
                   {signature_key::accepts_unsigned, {none}}};
  for (const auto& [one, by] : uses)
    if (const auto given = view.find(one); given && !is_one_of(signature, by)) {
      const bool fixed = std::ranges::find(by, hmac) != by.end();
      in.report(given->key_where, given->path,
                fmt::format("not allowed with scheme {}{}", name,
                            fixed ? ", which fixes it" : ""),
                fixed ? "use scheme hmac to choose it" : "leave it out");
    }
}

/// A field that the template names stands in a header, and is signed.
void check_place(std::string_view place, const char* header,
                 const signature_settings& signature, const section_view& view,
                 std::string_view why_signed, reader& in) {
  const bool has_place =
      signature.signed_content.find(place) != std::string::npos;
  const bool has_header =
      !(header == signature_key::id_header ? signature.id_header
                                           : signature.timestamp_header)
           .empty();
  if (has_place && !has_header)
    in.report(view.blame({signature_key::signed_content}),
              fmt::format("{} means nothing without {}", place, header));
  if (has_header && !has_place)
    in.report(view.blame({header}),
              fmt::format("means nothing without {} in template", place),
              std::string{why_signed});
}

void check_template(const signature_settings& signature,
                    const section_view& view, reader& in) {
  check_place("{timestamp}", signature_key::timestamp_header, signature, view,
              "a time that is not signed can be anybody's; for example "
              "template: \"{timestamp}.{body}\"",
              in);
  check_place("{id}", signature_key::id_header, signature, view,
              "an id that is not signed can be anybody's: that is "
              "delivery_id_header of the endpoint",
              in);
  if (const auto given = view.find(signature_key::tolerance);
      given && signature.timestamp_header.empty())
    in.report(given->key_where, given->path,
              "means nothing without timestamp_header");
}

void check_scheme(const signature_settings& signature, const section_view& view,
                  reader& in) {
  if (!view.sound(signature_key::scheme))
    return;
  check_uses(signature, view, in);
  if (signature.scheme == none && !signature.accepts_unsigned)
    in.report(view.blame({signature_key::scheme}),
              "takes events from anybody who can reach the endpoint",
              "set i_accept_unsigned_events: true if that is what you want");
  if (is_hmac(signature) && view.sound(signature_key::signed_content) &&
      view.sound(signature_key::timestamp_header) &&
      view.sound(signature_key::id_header))
    check_template(signature, view, in);
  if (signature.scheme == token && !view.given(signature_key::header))
    in.report(view.blame({signature_key::scheme}),
              "needs header: the header that carries the token");
  if (signature.scheme == twilio && !view.given(signature_key::public_url))
    in.report(view.blame({signature_key::scheme}),
              "needs public_url: the endpoint's URL as Twilio has it",
              "it is part of what Twilio signs");
}

void check_scheme_and_secrets(const signature_settings& signature,
                              const section_view& view, reader& in) {
  check_scheme(signature, view, in);
  if (!view.sound(signature_key::scheme) || signature.scheme != none) {
    require_one(view,
                {signature_key::secret, signature_key::secrets,
                 signature_key::secret_file},
                in);
    if (view.sound(signature_key::scheme))
      check_secrets(signature, view, in);
    return;
  }
  for (const auto* one : {signature_key::secret, signature_key::secrets,
                          signature_key::secret_file})
    if (const auto given = view.find(one))
      in.report(given->key_where, given->path, "not allowed with scheme none",
                "leave it out");
}

using signature_fields = std::vector<field<signature_settings>>;

signature_fields scheme_fields() {
  using s = signature_settings;
  return {
      value<s>({.key = signature_key::scheme,
                .help = "How the sender signs: see "
                        "[signatures](signatures.md). `hmac` is configured by "
                        "the keys below; the others are as their sender fixed "
                        "them.",
                .example = "github"},
               &s::scheme, scheme_codec()),
  };
}

signature_fields secret_fields() {
  using s = signature_settings;
  return {
      secret_text<s>({.key = signature_key::secret,
                      .help = "The secret shared with the sender.",
                      .example = "${WEBHOOK_SECRET}",
                      .default_text = "one of the three is required"},
                     put)
          .only_if([](const s& values) { return count(values) == 1; }),
      secret_list<s>(
          {.key = signature_key::secrets,
           .help = "Several secrets, any of which may match; for changing "
                   "a secret without losing events.",
           .example = "[\"${NEW_SECRET}\", \"${OLD_SECRET}\"]",
           .default_text = "one of the three is required"},
          false, put, count)
          .only_if([](const s& values) { return count(values) > 1; }),
      secret_file<s>({.key = signature_key::secret_file,
                      .help = "A file that holds the secret.",
                      .example = "/run/secrets/webhook",
                      .default_text = "one of the three is required"},
                     put),
  };
}

signature_fields header_fields() {
  using s = signature_settings;
  return {
      value<s>({.key = signature_key::header,
                .help = "The header that carries the signature, or with "
                        "`scheme: token` the secret. Only with these "
                        "schemes: `hmac`, `token`.",
                .example = "X-Signature"},
               &s::header,
               text("header", "letters, digits and -", parse_header_name))
          .only_if(has_header),
      value<s>({.key = signature_key::algorithm,
                .help = "The hash of the HMAC. Only with `scheme: hmac`.",
                .example = "sha512"},
               &s::algorithm,
               one_of<digest>({{"sha1", digest::sha1},
                               {"sha256", digest::sha256},
                               {"sha512", digest::sha512}}))
          .only_if(is_hmac),
      value<s>({.key = signature_key::encoding,
                .help = "How the signature is written. Only with `scheme: "
                        "hmac`.",
                .example = "base64"},
               &s::signature_encoding,
               one_of<encoding>(
                   {{"hex", encoding::hex}, {"base64", encoding::base64}}))
          .only_if(is_hmac),
      value<s>({.key = signature_key::prefix,
                .help = "What stands before the signature, or the secret, "
                        "in the header. Only with these schemes: `hmac`, "
                        "`token`.",
                .example = "sha256="},
               &s::prefix,
               text("text", "up to 64 visible ASCII characters",
                    parse_header_prefix))
          .only_if(has_header),
      value<s>({.key = signature_key::signed_content,
                .help = "What is signed: a text with `{body}` and, before "
                        "it, perhaps `{timestamp}` and `{id}`. Only with "
                        "`scheme: hmac`.",
                .example = "{timestamp}.{body}"},
               &s::signed_content,
               text("text", "with {body} once", parse_signed_content))
          .only_if(is_hmac),
  };
}

signature_fields other_fields() {
  using s = signature_settings;
  return {
      value<s>({.key = signature_key::timestamp_header,
                .help = "The header with the time of signing, in seconds "
                        "since 1970. Only with `scheme: hmac`.",
                .example = "X-Timestamp"},
               &s::timestamp_header,
               text("header", "letters, digits and -, or empty",
                    parse_optional_header_name))
          .only_if(is_hmac),
      value<s>({.key = signature_key::id_header,
                .help = "The header with the sender's id of the delivery, "
                        "where `{id}` is signed; by it a delivery that "
                        "comes again is known. Only with `scheme: hmac`.",
                .example = "X-Delivery-Id"},
               &s::id_header,
               text("header", "letters, digits and -, or empty",
                    parse_optional_header_name))
          .only_if(is_hmac),
      value<s>({.key = signature_key::tolerance,
                .help = "How far the time of signing may be from now, both "
                        "ways. Only where the scheme has such a time.",
                .example = "1m"},
               &s::tolerance, duration(1s, 24h))
          .only_if(has_time),
      value<s>({.key = signature_key::public_url,
                .help = "The URL of this endpoint as the sender has it, "
                        "without a query. Required with `scheme: twilio`, "
                        "and only there.",
                .example = "https://hooks.example.com/twilio"},
               &s::public_url,
               text("URL", "http or https; no user, query or fragment",
                    parse_callback_url))
          .only_if([](const s& values) { return values.scheme == twilio; }),
      value<s>({.key = signature_key::accepts_unsigned,
                .help = "Anybody who can reach the endpoint can send "
                        "events. Required with `scheme: none`, and only "
                        "there; there is a warning at every start.",
                .example = "true"},
               &s::accepts_unsigned, yes_or_no())
          .only_if([](const s& values) { return values.scheme == none; }),
  };
}

signature_fields joined(std::initializer_list<signature_fields> groups) {
  signature_fields all;
  for (const auto& group : groups)
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

} // namespace

section<signature_settings> signature_table(secrets_stand secrets) {
  if (secrets == secrets_stand::elsewhere)
    return make_section<signature_settings>(
        joined({scheme_fields(), header_fields(), other_fields()}),
        check_scheme);
  return make_section<signature_settings>(
      joined(
          {scheme_fields(), secret_fields(), header_fields(), other_fields()}),
      check_scheme_and_secrets);
}

} // namespace mfo::config
