#include "node/command_sign.hpp"

#include "node/signing.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace mfo::node {

namespace {

struct sign_arguments {
  signing_arguments how;
  std::string body = "-";
};

exit_status sign(const sign_arguments& given) {
  const auto how = resolve_signing(given.how);
  if (!how)
    return report("sign", how.error());
  const auto body = read_body(given.body);
  if (!body)
    return report("sign", body.error());
  for (const auto& [name, value] :
       signed_headers(how->signature, {.url = how->url, .body = *body}))
    fmt::print("{}: {}\n", name, value);
  return exit_status::ok;
}

} // namespace

void add_sign_command(CLI::App& app, exit_status& status) {
  auto given = std::make_shared<sign_arguments>();
  auto* command = app.add_subcommand(
      "sign", "Print the headers that prove a body (for curl -H @-)");
  add_signing_options(*command, given->how);
  command
      ->add_option("body", given->body, "File with the body; -: standard input")
      ->capture_default_str()
      ->type_name("FILE");
  command->callback([given, &status] { status = sign(*given); });
}

} // namespace mfo::node
