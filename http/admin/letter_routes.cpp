#include "http/admin/letter_routes.hpp"

#include "http/admin/json_body.hpp"
#include "http/admin/problem.hpp"
#include "http/admin/query.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using nlohmann::json;

constexpr std::size_t usual_limit = 100;
constexpr std::size_t longest_id = 256;

answer answer_to(tl::expected<std::string, std::string> result) {
  if (result)
    return {.status = 200, .body = *std::move(result)};
  auto value = problem(503, result.error());
  value.retry_after = std::chrono::seconds{1};
  return value;
}

/// Nothing: they are no list of ids.
std::optional<std::vector<std::string>> read_ids(std::string_view body) {
  const auto given = json::parse(body, nullptr, false);
  if (!given.is_object() || given.size() != 1 || !given.contains("event_ids"))
    return std::nullopt;
  const auto& list = given["event_ids"];
  if (!list.is_array() || list.empty() ||
      list.size() > letter_routes::most_events)
    return std::nullopt;
  std::vector<std::string> ids;
  for (const auto& each : list) {
    if (!each.is_string())
      return std::nullopt;
    const auto& id = ids.emplace_back(each.get<std::string>());
    if (id.empty() || id.size() > longest_id)
      return std::nullopt;
  }
  return ids;
}

} // namespace

letter_routes::letter_routes(boost::asio::io_context& io,
                             letter_control control,
                             std::shared_ptr<telemetry::log> log,
                             patience longest)
  : io_(io), control_(std::move(control)), log_(std::move(log)),
    longest_(longest), gate_(std::make_shared<io_gate>(io)) {}

letter_routes::~letter_routes() {
  gate_->close();
}

std::optional<answer>
letter_routes::handle(const admin_request& request, const admin_target& at,
                      manual_starts::send_function later) {
  if (at.route->what == admin_path::replay_letters)
    return replay(request, std::move(later));
  return list(request, std::move(later));
}

std::optional<answer> letter_routes::list(const admin_request& request,
                                          manual_starts::send_function later) {
  const auto fields = read_query(request.query, {"limit"});
  if (!fields)
    return problem(400, fields.error());
  const auto limit = limit_in(*fields, usual_limit);
  if (!limit)
    return problem(400, limit.error());
  control_.list(*limit, expect(std::move(later), longest_.list));
  return std::nullopt;
}

std::optional<answer>
letter_routes::replay(const admin_request& request,
                      manual_starts::send_function later) {
  if (auto refusal = refuse_body(request))
    return refusal;
  auto ids = read_ids(request.body);
  if (!ids)
    return problem(400, fmt::format(R"(Send {{"event_ids": ["…"]}} with 1 to )"
                                    "{} ids of at most {} bytes.",
                                    most_events, longest_id));
  log_->info("dead letters replayed by hand",
             {{"events", ids->size()}, {"peer", request.peer}});
  control_.replay(*std::move(ids), expect(std::move(later), longest_.replay));
  return std::nullopt;
}

letter_control::done_function
letter_routes::expect(manual_starts::send_function later,
                      std::chrono::milliseconds longest) {
  const auto of = next_++;
  auto& timer = callers_
                    .try_emplace(of, caller{std::move(later),
                                            boost::asio::steady_timer{io_}})
                    .first->second.timer;
  timer.expires_after(longest);
  timer.async_wait([this, of](const boost::system::error_code& error) {
    if (!error)
      finish(of, problem(504, "The sinks, or the servers, did not answer in "
                              "time. What was delivered is delivered."));
  });
  return
      [this, of, gate = gate_](tl::expected<std::string, std::string> result) {
        gate->pass([this, of, result = std::move(result)]() mutable {
          finish(of, answer_to(std::move(result)));
        });
      };
}

/// Who comes second comes too late.
void letter_routes::finish(number of, answer with) {
  const auto at = callers_.find(of);
  if (at == callers_.end())
    return;
  const auto send = std::move(at->second.send);
  callers_.erase(at);
  send(std::move(with));
}

} // namespace mfo::http
