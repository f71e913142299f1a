#include "node/api_caller.hpp"

#include "api/job_poll.hpp"
#include "api/jobs.hpp"

#include <fmt/format.h>

#include <random>
#include <thread>
#include <utility>

namespace mfo::node {

namespace {

using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int indent = 2;

} // namespace

tl::expected<json, command_failure>
read_json_argument(const std::string& text) {
  auto body = text.starts_with('@')
                  ? read_body(text.substr(1))
                  : tl::expected<std::string, command_failure>{text};
  if (!body)
    return tl::unexpected(std::move(body.error()));
  auto value = api::parse_json(*body);
  if (!value)
    return failure(exit_status::usage,
                   "the argument is not JSON (a text needs its quotes: "
                   "'\"text\"')");
  return *std::move(value);
}

std::string text_or_json(const json& value) {
  return value.is_string()
             ? value.get<std::string>()
             : value.dump(indent, ' ', false, json::error_handler_t::replace);
}

api_caller::api_caller(const options& how, std::unique_ptr<api_session> session)
  : how_(how), deadline_(steady_clock::now() +
                         duration_cast<steady_clock::duration>(
                             std::chrono::duration<double>(how.timeout))),
    session_(std::move(session)) {}

tl::expected<std::unique_ptr<api_caller>, command_failure>
api_caller::open(const options& how) {
  const auto settings = load_settings(how.config);
  if (!settings)
    return tl::unexpected(settings.error());
  auto session = api_session::open(
      *settings, {.server = how.server, .verbose = how.verbose});
  if (!session)
    return tl::unexpected(std::move(session.error()));
  return std::unique_ptr<api_caller>{new api_caller{how, *std::move(session)}};
}

exit_status
api_caller::with_reply(tl::expected<api::call, api::api_error> what,
                       const reply_handler& handle,
                       std::function<void(std::string_view)> on_data) {
  if (!what)
    return fail(what.error());
  const auto left =
      duration_cast<milliseconds>(deadline_ - steady_clock::now());
  const auto result =
      session_->call(*std::move(what), std::max(left, milliseconds{1}), {},
                     std::move(on_data));
  if (result.reply)
    return handle(*result.reply);
  return fail(
      command_failure{exit_status::not_accepted, result.outcome.detail});
}

exit_status api_caller::stream(tl::expected<api::call, api::api_error> what,
                               std::function<void(std::string_view)> on_data) {
  return with_reply(
      std::move(what),
      [this](const http::client_response& reply) {
        const auto sound = api::check_status(reply);
        return sound ? exit_status::ok : fail(sound.error());
      },
      std::move(on_data));
}

exit_status api_caller::show_job(const std::string& id) {
  return call(api::make_job_status_call(paths(), id),
              api::parse_job_status_reply, show_body);
}

exit_status api_caller::await_job(const std::string& id) {
  api::job_poll poll{{}, deadline_};
  std::mt19937_64 random{std::random_device{}()};
  std::uniform_real_distribution<double> uniform;
  for (;;) {
    std::optional<milliseconds> wait;
    const auto status = with_reply(
        api::make_job_status_call(paths(), id),
        [&](const http::client_response& reply) {
          const auto job = api::parse_job_status_reply(reply);
          if (!job)
            return fail(job.error());
          if (!api::is_final(job->state)) {
            wait = poll.next_delay(steady_clock::now(), uniform(random),
                                   job->retry_after.value_or(milliseconds{0}));
            return wait ? exit_status::ok
                        : fail(command_failure{exit_status::not_accepted,
                                               "the job still runs"});
          }
          (void)print_body(reply);
          return job->state == api::job_state::succeeded
                     ? exit_status::ok
                     : exit_status::not_accepted;
        });
    if (!wait)
      return status;
    std::this_thread::sleep_for(*wait);
  }
}

exit_status api_caller::fail(const api::api_error& error) const {
  const auto status = error.status != 0
                          ? fmt::format("the server answered {}", error.status)
                          : std::string{};
  const auto code =
      error.server_code.empty() ? "" : fmt::format(" ({})", error.server_code);
  fmt::print(stderr, "mfo-node call: {}{}{}{}\n", status, code,
             status.empty() ? "" : ": ", error.message);
  return error.code == api::api_errc::invalid_request
             ? exit_status::usage
             : exit_status::not_accepted;
}

exit_status api_caller::fail(const command_failure& failure) const {
  return report("call", failure);
}

exit_status api_caller::print(const http::client_response& reply,
                              const json& part) const {
  if (how_.raw)
    fmt::print("{}", reply.body);
  else
    fmt::print("{}\n", text_or_json(part));
  return exit_status::ok;
}

exit_status api_caller::print_body(const http::client_response& reply) const {
  const auto body = api::parse_json(reply.body);
  return print(reply, body ? *body : json(reply.body));
}

} // namespace mfo::node
