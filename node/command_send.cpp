#include "node/command_send.hpp"

#include "http/beast_client.hpp"
#include "node/number_option.hpp"
#include "node/sender.hpp"
#include "node/signing.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace mfo::node {

namespace {

struct send_arguments {
  signing_arguments how;
  std::string url;
  std::string method; ///< empty: the endpoint's
  std::string body = "-";
  std::string data;
  std::string media_type = "application/json";
  unsigned timeout_s = 30;
  config::tls_settings tls;
  send_plan plan;
};

tl::expected<std::string, command_failure>
body_of(const send_arguments& given) {
  return given.data.empty()
             ? read_body(given.body)
             : tl::expected<std::string, command_failure>{given.data};
}

void print_one(const http::client_result& answer) {
  if (!answer)
    return fmt::print(stderr, "mfo-node send: {}: {}\n",
                      make_error_code(answer.error().code).message(),
                      answer.error().detail);
  fmt::print("HTTP {}\n{}\n", answer->status, answer->body);
}

void print_all(const send_result& result, std::size_t count) {
  fmt::print("{} events in {:.2f} s ({:.0f}/s)\n", count, result.took.count(),
             static_cast<double>(count) / result.took.count());
  for (const auto& [outcome, times] : result.outcomes)
    fmt::print("{:>8}  {}\n", times, outcome);
}

exit_status post(const send_arguments& given, const http::url_parts& to,
                 const signing& how, const event_to_sign& event) {
  const auto body = std::make_shared<const std::string>(event.body);
  // Signed afresh each time: signatures grow old.
  const auto make = [&] {
    http::client_request request;
    request.method = given.method.empty() ? how.method : given.method;
    request.target = to.target;
    request.headers = signed_headers(how.signature, event);
    request.body = body;
    request.timeout = std::chrono::seconds(given.timeout_s);
    return request;
  };

  boost::asio::io_context io;
  http::client_config settings;
  settings.server = to.server;
  settings.max_connections = given.plan.concurrency;
  settings.tls = given.tls;
  auto client = http::make_beast_client(io, settings);
  if (!client)
    return report("send", {exit_status::no_input, client.error()});
  const auto result = sender(io, **client, make, given.plan).run();
  if (given.plan.count == 1)
    print_one(result.last);
  else
    print_all(result, given.plan.count);
  return result.accepted == given.plan.count ? exit_status::ok
                                             : exit_status::not_accepted;
}

exit_status send(const send_arguments& given) {
  const auto how = resolve_signing(given.how);
  if (!how)
    return report("send", how.error());
  const auto& url = given.url.empty() ? how->url : given.url;
  if (url.empty())
    return report("send",
                  {exit_status::usage, "--url or --config is required"});
  if (given.url.empty() && how->is_port_open)
    return report("send", {exit_status::usage,
                           "`listen` leaves the port open: --url is needed"});
  auto body = body_of(given);
  if (!body)
    return report("send", body.error());
  const event_to_sign event{url, *std::move(body), given.media_type};
  const auto to = http::parse_url(with_body_hash(how->signature, event, url));
  if (!to)
    return report("send", {exit_status::usage, to.error()});
  return post(given, *to, *how, event);
}

void add_options(CLI::App& command, send_arguments& given) {
  add_signing_options(command, given.how);
  command
      .add_option("--url", given.url,
                  "Where to; default: the configuration's endpoint")
      ->type_name("URL");
  command
      .add_option("-X,--method", given.method,
                  "How it is sent; default: as the configuration's endpoint "
                  "wants it, or POST")
      ->check(CLI::IsMember({"POST", "PUT", "PATCH"}))
      ->type_name("METHOD");
  auto* data = command.add_option("-d,--data", given.data, "The body itself")
                   ->type_name("JSON");
  command
      .add_option("body", given.body, "File with the body; -: standard input")
      ->capture_default_str()
      ->excludes(data)
      ->type_name("FILE");
  command.add_option("--content-type", given.media_type, "What the body is")
      ->capture_default_str()
      ->type_name("TYPE");
  command.add_option("--timeout", given.timeout_s, "Seconds for an answer")
      ->check(CLI::Range(1u, 3600u))
      ->capture_default_str();
  command
      .add_option("--ca", given.tls.ca_file,
                  "Who vouches for an https:// node, PEM; default: the "
                  "system's certificates")
      ->type_name("FILE");
  auto* certificate = command
                          .add_option("--cert", given.tls.cert_file,
                                      "The sender's own certificate, PEM")
                          ->type_name("FILE");
  auto* key = command.add_option("--key", given.tls.key_file, "The key of it")
                  ->needs(certificate)
                  ->type_name("FILE");
  certificate->needs(key);
  command.add_option("--count", given.plan.count, "How often to send it")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
      ->capture_default_str();
  command
      .add_option("--rate", given.plan.rate,
                  "Events a second; default: as fast as answers come")
      ->check(number_within(0.001, 1e6));
  command
      .add_option("--concurrency", given.plan.concurrency,
                  "How many wait for an answer at a time")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}))
      ->capture_default_str();
}

} // namespace

void add_send_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<send_arguments>();
  auto* command = app.add_subcommand("send", "Post a signed event");
  add_options(*command, *given);
  set_action(*command, chosen, [given] { return send(*given); });
}

} // namespace mfo::node
