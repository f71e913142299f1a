#include "node/signing.hpp"

#include "config/address.hpp"
#include "config/diagnostic.hpp"
#include "config/environment.hpp"
#include "config/file.hpp"
#include "config/load.hpp"
#include "config/secret_form.hpp"
#include "core/event_id.hpp"
#include "signatures/signer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>

namespace mfo::node {

namespace {

/// By the names of a configuration.
const std::map<std::string, config::signature_scheme>& schemes() {
  using enum config::signature_scheme;
  static const std::map<std::string, config::signature_scheme> known{
      {"basic", basic},   {"github", github},
      {"gitlab", gitlab}, {"hmac", hmac},
      {"none", none},     {"shopify", shopify},
      {"slack", slack},   {"standard-webhooks", standard_webhooks},
      {"stripe", stripe}, {"token", token},
      {"twilio", twilio}};
  return known;
}

tl::expected<std::string, command_failure>
secret_of(const signing_arguments& given) {
  auto secret = read_secret(given.secret_file, given.secret_env);
  if (!secret)
    return secret;
  if (secret->empty())
    return failure(
        exit_status::usage,
        given.secret_file.empty()
            ? fmt::format("no secret: {} is not set (--secret-env, "
                          "--secret-file or --config name another)",
                          given.secret_env)
            : fmt::format("no secret: {} is empty", given.secret_file));
  return secret;
}

/// As the keys of a configuration are held to the scheme.
tl::expected<void, command_failure>
set_header(config::signature_settings& signature,
           const signing_arguments& given) {
  using enum config::signature_scheme;
  if (given.header.empty()) {
    if (signature.scheme == token)
      return failure(exit_status::usage, "scheme token needs --header");
    return {};
  }
  if (signature.scheme != hmac && signature.scheme != token)
    return failure(exit_status::usage,
                   fmt::format("--header is not of scheme {}, which fixes it",
                               given.scheme));
  auto name = config::parse_header_name(given.header);
  if (!name)
    return failure(exit_status::usage, "--header " + name.error());
  signature.header = std::move(*name);
  return {};
}

tl::expected<signing, command_failure>
from_options(const signing_arguments& given) {
  config::signature_settings signature;
  signature.scheme = schemes().at(given.scheme);
  if (auto set = set_header(signature, given); !set)
    return tl::unexpected(std::move(set.error()));
  if (signature.scheme == config::signature_scheme::none)
    return signing{std::move(signature)};
  auto secret = secret_of(given);
  if (!secret)
    return tl::unexpected(std::move(secret.error()));
  if (const auto flaw = config::flaw_of_secret(signature.scheme, *secret);
      !flaw.empty())
    return failure(exit_status::usage,
                   fmt::format("the secret is not one of scheme {}: {}",
                               given.scheme, flaw));
  signature.secrets.emplace_back(std::move(*secret));
  return signing{std::move(signature)};
}

/// `WORKFLOW/TRIGGER` is meant by the trigger's name too.
bool is_meant(std::string_view id, std::string_view word) {
  return word.empty() || id == word ||
         (id.ends_with(word) &&
          id.substr(0, id.size() - word.size()).ends_with('/'));
}

} // namespace

tl::expected<const config::endpoint_settings*, command_failure>
find_endpoint(const config::settings& settings, const std::string& file,
              const std::string& word) {
  std::vector<std::string_view> known;
  std::vector<const config::endpoint_settings*> meant;
  for (const auto& each : settings.endpoints) {
    if (each.path.empty())
      continue;
    known.emplace_back(each.id);
    if (each.id == word)
      return &each;
    if (is_meant(each.id, word))
      meant.push_back(&each);
  }
  if (meant.size() == 1 || (word.empty() && !meant.empty()))
    return meant.front();
  return failure(exit_status::usage,
                 known.empty()
                     ? fmt::format("{} has no endpoint or webhook", file)
                     : fmt::format("{} has {} {}; there are: {}", file,
                                   meant.empty() ? "no endpoint or webhook"
                                                 : "several webhooks",
                                   word, fmt::join(known, ", ")));
}

namespace {

tl::expected<signing, command_failure>
from_config(const signing_arguments& given) {
  auto loaded = load_settings(given.config);
  if (!loaded)
    return tl::unexpected(std::move(loaded.error()));
  const auto found = find_endpoint(*loaded, given.config, given.endpoint);
  if (!found)
    return tl::unexpected(found.error());
  const auto& endpoint = **found;
  return signing{
      endpoint.signature,
      fmt::format("{}://{}{}", loaded->tls.enabled() ? "https" : "http",
                  config::format_listen_address(loaded->listen), endpoint.path),
      endpoint.method, loaded->listen.port == 0};
}

} // namespace

void add_signing_options(CLI::App& command, signing_arguments& given) {
  auto* config =
      command
          .add_option("-c,--config", given.config,
                      "Configuration file that says how its endpoint is signed")
          ->type_name("FILE");
  command
      .add_option("--endpoint", given.endpoint,
                  "The endpoint's id, or a webhook's of a workflow, "
                  "WORKFLOW/TRIGGER or TRIGGER alone; default: the first")
      ->needs(config)
      ->type_name("ID");
  command
      .add_option("--scheme", given.scheme,
                  "As in a configuration: hmac, github, stripe, slack, "
                  "shopify, gitlab, standard-webhooks, twilio, token, basic or "
                  "none")
      ->check(CLI::IsMember(schemes()))
      ->capture_default_str()
      ->excludes(config)
      ->type_name("SCHEME");
  command
      .add_option("--header", given.header,
                  "Header of the signature (hmac; default: X-Signature) or of "
                  "the token")
      ->excludes(config)
      ->type_name("NAME");
  auto* file = command
                   .add_option("--secret-file", given.secret_file,
                               "File that holds the secret")
                   ->excludes(config)
                   ->type_name("FILE");
  command
      .add_option("--secret-env", given.secret_env,
                  "Environment variable that holds the secret")
      ->capture_default_str()
      ->excludes(config)
      ->excludes(file)
      ->type_name("NAME");
}

tl::expected<signing, command_failure>
resolve_signing(const signing_arguments& given) {
  auto how = given.config.empty() ? from_options(given) : from_config(given);
  if (how && !signatures::can_sign(how->signature))
    return failure(exit_status::usage,
                   "a public key verifies; to sign takes the secret of the "
                   "sender");
  return how;
}

std::string with_body_hash(const config::signature_settings& signature,
                           const event_to_sign& event, std::string url) {
  if (signature.scheme != config::signature_scheme::twilio ||
      event.media_type == "application/x-www-form-urlencoded")
    return url;
  return fmt::format("{}{}bodySHA256={}", url,
                     url.find('?') == std::string::npos ? '?' : '&',
                     signatures::hex_sha256(event.body));
}

core::header_fields signed_headers(const config::signature_settings& signature,
                                   const event_to_sign& event) {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const auto now =
      event.at.value_or(std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::system_clock::now().time_since_epoch()));
  const auto high = random();
  const auto id =
      event.id.empty() ? core::uuid_v7(now, high, random()) : event.id;
  const auto query = std::min(event.url.find('?'), event.url.size());
  const auto url =
      with_body_hash(signature, event,
                     signature.public_url.empty()
                         ? event.url
                         : signature.public_url + event.url.substr(query));
  const auto signature_fields = signatures::sign(
      signature,
      {.body = event.body,
       .id = id,
       .url = url,
       .unix_now = std::chrono::duration_cast<std::chrono::seconds>(now)});
  core::header_fields fields{{"Content-Type", event.media_type}};
  for (const auto& [name, value] : signature_fields)
    fields.add(name, value);
  return fields;
}

} // namespace mfo::node
