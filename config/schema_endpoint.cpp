#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/secret_field.hpp"

#include <string_view>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace key {
constexpr auto scheme = "scheme";
constexpr auto secret = "secret";
constexpr auto secrets = "secrets";
constexpr auto secret_file = "secret_file";
constexpr auto header = "header";
constexpr auto algorithm = "algorithm";
constexpr auto encoding = "encoding";
constexpr auto prefix = "prefix";
constexpr auto delivery_id_header = "delivery_id_header";
} // namespace key

bool is_hmac(const signature_settings& signature) {
  return signature.scheme == signature_scheme::hmac;
}

void put(signature_settings& signature, secret value) {
  signature.secrets.push_back(std::move(value));
}

std::size_t count(const signature_settings& signature) {
  return signature.secrets.size();
}

/// GitHub's own documentation, "Validating webhook deliveries".
void fix_github(signature_settings& signature) {
  signature.header = "X-Hub-Signature-256";
  signature.algorithm = digest::sha256;
  signature.signature_encoding = encoding::hex;
  signature.prefix = "sha256=";
}

void finish_signature(signature_settings& signature, const section_view& view,
                      reader& in) {
  require_one(view, {key::secret, key::secrets, key::secret_file}, in);
  if (is_hmac(signature) || !view.sound(key::scheme))
    return;
  for (const auto* fixed :
       {key::header, key::algorithm, key::encoding, key::prefix})
    if (const auto given = view.find(fixed))
      in.report(given->key_where, given->path,
                "not allowed with scheme github, which fixes it",
                "use scheme hmac to choose it");
  fix_github(signature);
}

section<signature_settings> signature_table() {
  using s = signature_settings;
  return make_section<s>(
      {
          value<s>(
              {.key = key::scheme,
               .help = "How the sender signs. `hmac` is configured by the "
                       "keys below; `github` fixes them as GitHub's "
                       "`X-Hub-Signature-256: sha256=<hex>`.",
               .example = "github"},
              &s::scheme,
              one_of<signature_scheme>({{"hmac", signature_scheme::hmac},
                                        {"github", signature_scheme::github}})),
          secret_text<s>({.key = key::secret,
                          .help = "The secret shared with the sender.",
                          .example = "${WEBHOOK_SECRET}",
                          .default_text = "one of the three is required"},
                         put)
              .only_if([](const s& values) { return count(values) == 1; }),
          secret_list<s>(
              {.key = key::secrets,
               .help = "Several secrets, any of which may match; for changing "
                       "a secret without losing events.",
               .example = "[\"${NEW_SECRET}\", \"${OLD_SECRET}\"]",
               .default_text = "one of the three is required"},
              false, put, count)
              .only_if([](const s& values) { return count(values) > 1; }),
          secret_file<s>({.key = key::secret_file,
                          .help = "A file that holds the secret.",
                          .example = "/run/secrets/webhook",
                          .default_text = "one of the three is required"},
                         put),
          value<s>({.key = key::header,
                    .help = "The header that carries the signature. Only with "
                            "`scheme: hmac`.",
                    .example = "X-Signature"},
                   &s::header,
                   text("header", "letters, digits and -", parse_header_name))
              .only_if(is_hmac),
          value<s>({.key = key::algorithm,
                    .help = "The hash of the HMAC. Only with `scheme: hmac`.",
                    .example = "sha512"},
                   &s::algorithm,
                   one_of<digest>({{"sha1", digest::sha1},
                                   {"sha256", digest::sha256},
                                   {"sha512", digest::sha512}}))
              .only_if(is_hmac),
          value<s>({.key = key::encoding,
                    .help = "How the signature is written. Only with `scheme: "
                            "hmac`.",
                    .example = "base64"},
                   &s::signature_encoding,
                   one_of<encoding>(
                       {{"hex", encoding::hex}, {"base64", encoding::base64}}))
              .only_if(is_hmac),
          value<s>({.key = key::prefix,
                    .help = "What stands before the signature in the header. "
                            "Only with `scheme: hmac`.",
                    .example = "sha256="},
                   &s::prefix,
                   text("text", "up to 64 visible ASCII characters",
                        parse_header_prefix))
              .only_if(is_hmac),
      },
      finish_signature);
}

void finish_endpoint(endpoint_settings& endpoint, const section_view& view,
                     reader&) {
  if (!view.given(key::delivery_id_header) && !is_hmac(endpoint.signature))
    endpoint.delivery_id_header = "X-GitHub-Delivery";
}

} // namespace

section<endpoint_settings> endpoint_table() {
  using s = endpoint_settings;
  return make_section<s>(
      {
          value<s>({.key = "id",
                    .help = "A unique name; it labels metrics and logs.",
                    .example = "github",
                    .required = true},
                   &s::id, text("id", "1 to 64 of a-z, 0-9, _, -", parse_id)),
          value<s>({.key = "path",
                    .help = "The path to which the sender posts, unique, "
                            "compared as it stands.",
                    .example = "/hooks/github",
                    .required = true},
                   &s::path,
                   text("URL path", "starts with /; no ?, #, space or //",
                        parse_request_path)),
          nested<s>({.key = "signature",
                     .help = "How an event is proved to be genuine.",
                     .example = "{scheme: github, secret: \"${GH_SECRET}\"}",
                     .required = true},
                    &s::signature, signature_table()),
          value<s>({.key = "event_type",
                    .help = "The type of the events sent to the server.",
                    .example = "github.push"},
                   &s::event_type,
                   text("dotted name", "words of A-Z, a-z, 0-9, _, -",
                        parse_event_type)),
          value<s>({.key = "ack",
                    .help = "What a 2xx answer promises to the sender. "
                            "`completed`: the server took the event; what is "
                            "not answered is lost with the node, and the "
                            "sender sends it again. `received`: the event is "
                            "in this node's memory and ends at the server or "
                            "as a dead letter, unless the node is killed.",
                    .example = "received"},
                   &s::ack,
                   one_of<ack_mode>({{"completed", ack_mode::completed},
                                     {"received", ack_mode::received}})),
          value<s>({.key = "server",
                    .help = "The name of the server that gets the events.",
                    .example = "billing",
                    .default_text = "`default`, or the only server there is"},
                   &s::server,
                   text("name", "of an entry of `servers`", parse_id)),
          value<s>({.key = "timeout",
                    .help = "From admission of an event to the answer, all "
                            "tries included. With `ack: received` the answer "
                            "comes at once, and the tries end by the retry "
                            "policy.",
                    .example = "15s"},
                   &s::timeout, duration(1ms, 1h)),
          value<s>({.key = key::delivery_id_header,
                    .help = "The header with the sender's own id of the "
                            "delivery; a delivery that repeats it keeps its "
                            "event id. Empty: every request is a new event.",
                    .example = "X-Delivery-Id",
                    .default_text = "X-GitHub-Delivery with scheme github, "
                                    "else empty"},
                   &s::delivery_id_header,
                   text("header", "letters, digits and -, or empty",
                        parse_optional_header_name)),
      },
      finish_endpoint);
}

} // namespace mfo::config
