#include "node/taskflow/admin_client.hpp"

#include "api/json_body.hpp"
#include "api/path.hpp"
#include "config/address.hpp"
#include "core/printable.hpp"
#include "http/beast_client.hpp"
#include "telemetry/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

/// Of a list of runs, or a run's result.
constexpr std::size_t max_response = 64 * 1024 * 1024;

std::string url_of(const config::settings& settings) {
  auto where = settings.admin_listen;
  if (config::is_any_address(where))
    where.host = "localhost";
  return fmt::format("{}://{}", settings.admin.tls.enabled() ? "https" : "http",
                     config::format_listen_address(where));
}

/// What the answer to a request always has, by how the request begins; the
/// first that fits counts.
struct expected_member {
  std::string_view request;
  std::string_view name;
  bool (json::*is_right)() const noexcept;
};

constexpr expected_member expected_members[]{
    {"GET /health/", "status", &json::is_string},
    {"GET /health", "node", &json::is_string},
    {"POST /api/v1/reload", "generation", &json::is_number_integer},
    {"POST /api/v1/cluster/", "node", &json::is_string},
    {"GET /api/v1/cluster", "members", &json::is_array},
    {"GET /api/v1/events", "events", &json::is_array},
    {"POST /api/v1/endpoints/", "requests", &json::is_array},
    {"GET /api/v1/endpoints", "endpoints", &json::is_array},
    {"POST /api/v1/taskflows/", "run", &json::is_string},
    {"POST /api/v1/runs/", "run", &json::is_string},
    {"GET /api/v1/runs/", "tasks", &json::is_array},
    {"GET /api/v1/runs", "runs", &json::is_array},
    {"POST /api/v1/questions/", "question", &json::is_string},
    {"GET /api/v1/questions", "questions", &json::is_array},
};

/// Whether an admin listener may have said this, and not just any server.
bool may_answer(std::string_view request, const json& value) {
  if (!value.is_object())
    return false;
  for (const auto& each : expected_members)
    if (request.starts_with(each.request)) {
      const auto* member = api::find_member(value, each.name);
      return member != nullptr && (member->*each.is_right)();
    }
  return true;
}

/// What the listener says of why it does not.
std::string reason_in(const http::client_response& reply,
                      const std::string& where) {
  auto reason = fmt::format("the node answered {}", reply.status);
  const auto body = api::parse_json(reply.body);
  if (!body)
    return reason;
  if (const auto detail = api::optional_text(*body, "detail"); !detail.empty())
    reason += ": " + detail;
  else if (auto phase = api::optional_text(*body, "status"); !phase.empty())
    reason += ": " + phase;
  std::vector<std::string> choices;
  if (const auto* member = api::find_member(*body, "choices"))
    for (const auto& each : *member)
      choices.push_back(api::text_of(each).value_or(""));
  if (!choices.empty())
    reason += fmt::format(" There are: {}.", fmt::join(choices, ", "));
  if (reply.status == 404 &&
      api::optional_text(*body, "detail").starts_with("Known: "))
    return fmt::format("the node at {} has nothing of the kind; it may be "
                       "older than this program",
                       where);
  auto text = core::printable(reason);
  if (const auto* problems = api::find_member(*body, "problems"))
    for (const auto& each : *problems)
      text += "\n  " + core::printable(api::text_of(each).value_or(""));
  return text;
}

} // namespace

void add_admin_options(CLI::App& command, admin_arguments& given) {
  command
      .add_option("-c,--config", given.config,
                  "Configuration file of the node: where its admin listener "
                  "is, and its token")
      ->type_name("FILE");
  command
      .add_option("--admin", given.url,
                  "Where the admin listener is; default: as the "
                  "configuration has it, else http://127.0.0.1:9090")
      ->check(not_empty)
      ->type_name("URL");
  auto* variable =
      command
          .add_option("--token-env", given.token_env,
                      "Environment variable with the token")
          ->each([&given](const auto&) { given.needs_token_env = true; })
          ->capture_default_str()
          ->type_name("NAME");
  command.add_option("--token-file", given.token_file, "File with the token")
      ->excludes(variable)
      ->type_name("FILE");
  command
      .add_option("--ca", given.tls.ca_file,
                  "Who vouches for an https:// listener, PEM; default: the "
                  "system's certificates")
      ->type_name("FILE");
  auto* certificate = command
                          .add_option("--cert", given.tls.cert_file,
                                      "The caller's own certificate, PEM")
                          ->type_name("FILE");
  auto* key = command.add_option("--key", given.tls.key_file, "The key of it")
                  ->needs(certificate)
                  ->type_name("FILE");
  certificate->needs(key);
  const auto* format =
      command.add_option("--format", given.format, "text or json")
          ->check(CLI::IsMember({"text", "json"}))
          ->capture_default_str();
  command.add_flag_callback(
      "--json",
      [&given, format] {
        if (format->count() > 0 && !given.wants_json())
          throw CLI::ExcludesError("--json", "--format " + given.format);
        given.format = "json";
      },
      "As --format json");
}

admin_client::admin_client(http::origin where, found_token token,
                           config::tls_settings tls, milliseconds timeout)
  : where_(std::move(where)), token_(std::move(token)), tls_(std::move(tls)),
    timeout_(timeout) {}

tl::expected<admin_client::found_token, command_failure>
admin_client::find_token(const admin_arguments& given) {
  auto token = read_secret(given.token_file, given.token_env);
  if (!token)
    return tl::unexpected{std::move(token.error())};
  if (token->empty() && !given.token_file.empty())
    return failure(exit_status::usage,
                   fmt::format("no token: {} is empty", given.token_file));
  if (token->empty() && given.needs_token_env)
    return failure(exit_status::usage,
                   fmt::format("no token: {} is not set", given.token_env));
  return found_token{*std::move(token), given.token_file.empty()
                                            ? given.token_env
                                            : given.token_file};
}

tl::expected<admin_client, command_failure>
admin_client::open(const admin_arguments& given) {
  auto url = given.url;
  auto token = find_token(given);
  if (!token)
    return tl::unexpected{std::move(token.error())};
  if (!given.config.empty()) {
    const auto settings = load_settings(given.config);
    if (!settings)
      return tl::unexpected{settings.error()};
    if (url.empty() && settings->admin_listen.port == 0)
      return failure(exit_status::usage,
                     "`admin_listen` leaves the port open: --admin is needed");
    if (url.empty())
      url = url_of(*settings);
    if (token->text.empty() && !settings->admin.tokens.empty())
      *token = {settings->admin.tokens.front().reveal(), given.config};
  } else if (url.empty()) {
    url = url_of({});
  }
  auto where = http::parse_origin(url);
  if (!where)
    return failure(exit_status::usage, "--admin: " + where.error());
  return admin_client{
      *std::move(where), *std::move(token), given.tls,
      milliseconds{static_cast<milliseconds::rep>(given.timeout * 1000)}};
}

tl::expected<http::client_response, command_failure>
admin_client::send(std::string_view method, std::string target,
                   const std::string& body, milliseconds longest) const {
  boost::asio::io_context io;
  http::client_config settings;
  settings.server = where_;
  settings.tls = tls_;
  settings.max_response = max_response;
  settings.user_agent = fmt::format("mfo-node/{}", telemetry::version);
  auto client = http::make_beast_client(io, settings);
  if (!client)
    return failure(exit_status::no_input, client.error());
  http::client_request request;
  request.method = method;
  request.target = std::move(target);
  request.timeout = longest;
  request.headers.add("Accept", "application/json");
  if (!token_.text.empty())
    request.headers.add("Authorization", "Bearer " + token_.text);
  if (!body.empty()) {
    request.headers.add("Content-Type", "application/json");
    request.body = std::make_shared<const std::string>(body);
  }
  std::optional<http::client_result> result;
  (*client)->send(std::move(request), [&](http::client_result answer) {
    result = std::move(answer);
    (*client)->close(); // its idle connection would keep `io` busy
  });
  io.run();
  if (!result || !*result)
    return failure(
        exit_status::not_accepted,
        fmt::format("{} at {}: {} (--config and --admin say where a node is)",
                    result ? make_error_code(result->error().code).message()
                           : "no answer",
                    where_.url(), result ? result->error().detail : ""));
  return **std::move(result);
}

tl::unexpected<command_failure>
admin_client::refused(const http::client_response& reply) const {
  auto reason = reason_in(reply, where_.url());
  if (reply.status == 401 && !token_.text.empty())
    reason = fmt::format("the node answered 401: it does not accept the token "
                         "of {} (--config, --token-env and --token-file name "
                         "another)",
                         core::printable(token_.source));
  else if (reply.status == 401)
    reason += " (--config, --token-env and --token-file name one)";
  return failure(exit_status::not_accepted, std::move(reason));
}

tl::expected<json, command_failure>
admin_client::read(const std::string& request,
                   const http::client_response& from) const {
  auto value = api::parse_json(from.body);
  if (!value || !may_answer(request, *value))
    return failure(
        exit_status::not_accepted,
        fmt::format("what answers at {} is no admin listener", where_.url()));
  return *std::move(value);
}

tl::expected<json, command_failure>
admin_client::ask(std::string_view method, std::string target,
                  const std::string& body, milliseconds longest) const {
  const auto request = fmt::format("{} {}", method, target);
  const auto reply = send(method, std::move(target), body, longest);
  if (!reply)
    return tl::unexpected{reply.error()};
  if (reply->status < 200 || reply->status > 299)
    return refused(*reply);
  return read(request, *reply);
}

tl::expected<json, command_failure>
admin_client::find(std::string target) const {
  const auto request = "GET " + target;
  const auto reply = send("GET", std::move(target), "", timeout_);
  if (!reply)
    return tl::unexpected{reply.error()};
  if (reply->status == 404)
    return json{};
  if (reply->status != 200)
    return refused(*reply);
  return read(request, *reply);
}

tl::expected<json, command_failure> admin_client::health() const {
  const auto reply = send("GET", "/health", "", timeout_);
  if (!reply)
    return tl::unexpected{reply.error()};
  // One that takes no events says so by a 503, and tells all the same.
  if (reply->status != 200 && reply->status != 503)
    return refused(*reply);
  return read("GET /health", *reply);
}

tl::expected<json, command_failure>
admin_client::get(std::string target) const {
  return ask("GET", std::move(target), "", timeout_);
}

tl::expected<json, command_failure>
admin_client::post(std::string target, const std::string& body) const {
  return ask("POST", std::move(target), body, timeout_);
}

std::string encoded(std::string_view text) {
  return api::percent_encoded(text);
}

void print_json(const json& value) {
  fmt::print("{}\n", value.dump(2, ' ', false, json::error_handler_t::replace));
}

std::string not_empty(const std::string& text) {
  return text.empty() ? "is empty" : "";
}

} // namespace mfo::node
