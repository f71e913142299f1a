#include "http/admin/recording_routes.hpp"

#include "core/json_grammar.hpp"
#include "http/admin/problem.hpp"
#include "http/recorded_json.hpp"
#include "payload/media_type.hpp"

#include <fmt/format.h>

#include <tl/expected.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace mfo::http {

namespace {

using nlohmann::json;
using std::chrono::seconds;

/// Of what says what is wanted.
constexpr std::size_t max_body = 4096;
constexpr seconds usual_time{60};
constexpr seconds longest_time{600};
/// Between two looks at whether the caller is still there.
constexpr seconds look_time{1};

struct wish {
  std::size_t count = 1;
  seconds time = usual_time;
  bool all = false;
};

/// A whole number of a member; nothing: it is none within the bounds.
std::optional<std::size_t> number_in(const json& value, std::size_t most) {
  if (!value.is_number_unsigned())
    return std::nullopt;
  const auto number = value.get<std::uint64_t>();
  if (number < 1 || number > most)
    return std::nullopt;
  return static_cast<std::size_t>(number);
}

tl::expected<wish, std::string> read_wish(std::string_view body,
                                          std::size_t most) {
  const auto longest = static_cast<std::size_t>(longest_time.count());
  const auto bad = tl::unexpected{fmt::format(
      R"(Send {{"count": 1 to {}, "seconds": 1 to {}, "all": true or false}}, )"
      "or some of it; recording.max_requests bounds the count.",
      most, longest)};
  wish made;
  if (body.empty())
    return made;
  if (core::repeats_a_name(body))
    return bad;
  const auto read = json::parse(body, nullptr, false);
  if (!read.is_object())
    return bad;
  for (const auto& [name, value] : read.items()) {
    const auto number =
        number_in(value, name == "count" ? most : longest).value_or(0);
    if (name == "all" && value.is_boolean())
      made.all = value.get<bool>();
    else if (name == "count" && number > 0)
      made.count = number;
    else if (name == "seconds" && number > 0)
      made.time = seconds{number};
    else
      return bad;
  }
  return made;
}

std::optional<answer> refuse(const admin_request& request) {
  if (request.body.size() > max_body)
    return problem(413, "What is wanted takes no more than 4096 bytes.");
  if (!request.body.empty() && !payload::is_json(request.content_type))
    return problem(415, "Send Content-Type: application/json.");
  return std::nullopt;
}

} // namespace

recording_routes::recording_routes(boost::asio::io_context& io,
                                   recording_control control,
                                   std::shared_ptr<telemetry::log> log)
  : io_(io), control_(std::move(control)), log_(std::move(log)),
    gate_(std::make_shared<io_gate>(io)) {}

recording_routes::~recording_routes() {
  gate_->close();
  for (const auto& [of, each] : callers_)
    control_.by->end(each->recording);
}

std::optional<answer> recording_routes::handle(const admin_request& request,
                                               const std::string& endpoint,
                                               const open_function& open) {
  const auto settings = control_.settings();
  if (!settings.enabled)
    return problem(403, "Nothing is recorded here. Set recording.enabled to "
                        "true in the configuration, and reload it.");
  if (auto refusal = refuse(request))
    return refusal;
  const auto wanted = read_wish(request.body, settings.max_requests);
  if (!wanted)
    return problem(400, wanted.error());
  if (!control_.knows(endpoint))
    return problem(404, "There is no such endpoint; GET "
                        "/api/v1/endpoints lists them.");
  const auto of = next_++;
  const auto begun = control_.by->begin(
      {.endpoint = endpoint,
       .count = wanted->count,
       .max_bytes = settings.max_bytes,
       .all = wanted->all},
      [this, of, gate = gate_](recorder::result got) {
        gate->pass([this, of,
                    got = std::make_shared<recorder::result>(std::move(got))] {
          ended(of, std::move(*got));
        });
      });
  if (!begun) {
    auto full = problem(503, fmt::format("There are {} recordings already; "
                                         "wait until one has ended.",
                                         recorder::most));
    full.retry_after = seconds{1};
    return full;
  }
  const auto its = std::make_shared<caller>(
      caller{.to = open(),
             .endpoint = endpoint,
             .peer = request.peer,
             .redact = settings.redact,
             .timer = boost::asio::steady_timer{io_},
             .end = std::chrono::steady_clock::now() + wanted->time,
             .recording = *begun});
  callers_.emplace(of, its);
  log_->info("recording of requests begins",
             {{"endpoint", endpoint},
              {"count", wanted->count},
              {"seconds", wanted->time.count()},
              {"all", wanted->all ? "true" : "false"},
              {"peer", request.peer}});
  write(its, "\n");
  await_end(its);
  return std::nullopt;
}

void recording_routes::await_end(const caller_ptr& its) {
  its->timer.expires_at(
      std::min(its->end, std::chrono::steady_clock::now() + look_time));
  its->timer.async_wait([this, weak = std::weak_ptr{its}](
                            const boost::system::error_code& error) {
    const auto one = weak.lock();
    if (error || !one || one->gone)
      return;
    if (std::chrono::steady_clock::now() >= one->end)
      return control_.by->end(one->recording);
    write(one, "\n");
    await_end(one);
  });
}

void recording_routes::write(const caller_ptr& to, std::string text) {
  to->to->write(std::move(text),
                [by = control_.by, weak = std::weak_ptr{to}](bool ok) {
                  const auto one = weak.lock();
                  if (ok || !one)
                    return;
                  one->gone = true;
                  by->end(one->recording);
                });
}

void recording_routes::ended(number of, recorder::result got) {
  const auto at = callers_.find(of);
  if (at == callers_.end())
    return;
  const auto its = std::move(at->second);
  callers_.erase(at);
  log_->info("recording of requests ended", {{"endpoint", its->endpoint},
                                             {"requests", got.requests.size()},
                                             {"not_genuine", got.not_genuine},
                                             {"peer", its->peer}});
  if (its->gone)
    return;
  const payload::redaction rules{its->redact};
  auto requests = json::array();
  for (const auto& each : got.requests)
    requests.push_back(to_json(each, rules));
  write(its, json_text({{"requests", std::move(requests)},
                        {"not_genuine", got.not_genuine},
                        {"too_large", got.too_large},
                        {"unfinished", got.unfinished}}));
  its->to->end();
}

} // namespace mfo::http
