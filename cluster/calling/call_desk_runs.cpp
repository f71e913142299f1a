#include "cluster/calling/call_desk.hpp"

#include <utility>
#include <variant>

namespace mfo::cluster {

namespace {

/// When a caller has given its call up for sure: its clock for that began
/// before ours.
constexpr std::chrono::seconds surely_given_up{2};

/// What is told in place of a result that cannot be sent.
actors::api_result_ptr cut_short(const actors::api_result& result,
                                 const std::string& obstacle) {
  auto small = std::make_shared<actors::api_result>();
  auto& outcome = small->outcome;
  outcome.error = result.outcome.error.value_or(core::errc::payload_too_large);
  outcome.attempts = result.outcome.attempts;
  outcome.upstream_status = result.outcome.upstream_status;
  outcome.retry_after = result.outcome.retry_after;
  outcome.detail = "the server answered, but its reply " + obstacle;
  return small;
}

actors::api_result_ptr result_of(core::outcome how) {
  auto result = std::make_shared<actors::api_result>();
  result->outcome = std::move(how);
  return result;
}

} // namespace

void call_desk::take_calls(line& from, const std::vector<sent_call>& calls,
                           clock::time_point now) {
  if (calls.empty())
    return;
  const auto& name = from.life.name;
  auto& window = granted_.of(name);
  for (const auto& each : calls) {
    const auto bytes = packed_size(*each.call);
    if (each.number != from.received + 1)
      return host_.faulty(name, "it counts its calls in another way");
    from.received = each.number;
    if (!window.accept(from.link, bytes))
      return host_.faulty(name, "it sends more calls than it was granted");
    take(from, each, bytes, now);
  }
  note_news(from);
}

void call_desk::take(line& from, const sent_call& sent, std::size_t bytes,
                     clock::time_point now) {
  const call_key key{.origin = from.life, .number = sent.key};
  if (book_.knows(key))
    return finish(from.life.name, bytes);
  const auto& call = *sent.call;
  if (const auto why = reason_against(call)) {
    from.handed_back.push_back({.key = sent.key, .why = *why});
    return finish(from.life.name, bytes);
  }
  book_.begin(key, sent.call, call.deadline() + surely_given_up);
  if (now >= call.deadline())
    return end(key, result_of(core::refused(core::errc::upstream_timeout,
                                            "its time was up when it came")));
  if (const auto* const event = std::get_if<core::event_ptr>(&call.what))
    host_.run_forward(key, call.server, *event);
  else
    host_.run_call(key, call.server,
                   std::get<actors::api_request_ptr>(call.what));
}

std::optional<call_refusal> call_desk::reason_against(const remote_call& call) {
  if (draining_)
    return call_refusal::draining;
  if (!host_.knows(call.server))
    return call_refusal::unknown_server;
  if (book_.is_full())
    return call_refusal::full;
  return std::nullopt;
}

void call_desk::ended(const call_key& key, actors::api_result_ptr result) {
  if (const auto obstacle = obstacle_to(*result))
    result = cut_short(*result, *obstacle);
  end(key, std::move(result));
}

void call_desk::ended(const call_key& key, core::outcome how) {
  ended(key, result_of(std::move(how)));
}

void call_desk::end(const call_key& key, actors::api_result_ptr result) {
  const auto call = book_.end(key, std::move(result));
  if (!call)
    return;
  finish(key.origin.name, packed_size(*call));
  const auto to = lines_.find(key.origin.name);
  if (to != lines_.end())
    note_news(to->second);
}

void call_desk::finish(const std::string& peer, std::size_t bytes) {
  const auto grant = granted_.finish(peer, bytes);
  if (!grant)
    return;
  auto& to = lines_.find(peer)->second;
  to.grant = grant;
  note_news(to);
}

} // namespace mfo::cluster
