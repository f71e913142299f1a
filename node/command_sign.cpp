#include "node/command_sign.hpp"

#include "node/signing.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace mfo::node {

namespace {

struct sign_arguments {
  signing_arguments how;
  std::string url;
  std::string media_type = "application/json";
  std::string body = "-";
};

exit_status sign(const sign_arguments& given) {
  const auto how = resolve_signing(given.how);
  if (!how)
    return report("sign", how.error());
  auto body = read_body(given.body);
  if (!body)
    return report("sign", body.error());
  const event_to_sign event{given.url.empty() ? how->url : given.url,
                            *std::move(body), given.media_type};
  if (how->signature.scheme == config::signature_scheme::twilio &&
      event.url.empty())
    return report("sign", {exit_status::usage,
                           "--url is required: twilio signs it as well"});
  for (const auto& [name, value] : signed_headers(how->signature, event))
    fmt::print("{}: {}\n", name, value);
  if (const auto url = with_body_hash(how->signature, event, event.url);
      url != event.url)
    fmt::print(stderr, "to be posted to {}\n", url);
  return exit_status::ok;
}

} // namespace

void add_sign_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<sign_arguments>();
  auto* command = app.add_subcommand(
      "sign", "Print the headers that prove a body (for curl -H @-)");
  add_signing_options(*command, given->how);
  command
      ->add_option("--url", given->url,
                   "Where it is to be posted, which twilio signs; default: the "
                   "configuration's endpoint")
      ->type_name("URL");
  command->add_option("--content-type", given->media_type, "What the body is")
      ->capture_default_str()
      ->type_name("TYPE");
  command
      ->add_option("body", given->body, "File with the body; -: standard input")
      ->capture_default_str()
      ->type_name("FILE");
  set_action(*command, chosen, [given] { return sign(*given); });
}

} // namespace mfo::node
