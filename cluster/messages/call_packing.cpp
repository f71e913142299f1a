#include "cluster/messages/call_packing.hpp"

#include "cluster/messages/grant_packing.hpp"
#include "cluster/messages/packer.hpp"
#include "cluster/messages/unpacker.hpp"
#include "cluster/messages/work_packing.hpp"

#include "core/trace_context.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace mfo::cluster {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using call_time = std::chrono::steady_clock::time_point;

constexpr std::size_t longest_call_id = 128; ///< and a trace
constexpr std::size_t longest_call_word = 1024;
constexpr std::size_t longest_target = 64 * std::size_t{1024};
constexpr std::size_t longest_field = 64 * std::size_t{1024};
constexpr std::size_t most_fields = 256;
constexpr std::size_t around_a_call = 96; ///< numbers, lengths, a word or two
constexpr std::size_t around_a_field = 6; ///< two lengths

constexpr std::array refusals{call_refusal::full, call_refusal::draining,
                              call_refusal::unknown_server};

/// A peer's clock may say anything; a time is made of it none the less.
milliseconds read_long_span(unpacker& in) {
  constexpr milliseconds longest{std::chrono::hours{24 * 366}};
  return std::min(milliseconds{in.narrow<milliseconds::rep>()}, longest);
}

void put_long_span(packer& out, milliseconds span) {
  out.number(
      static_cast<std::uint64_t>(std::max(span, milliseconds{0}).count()));
}

// --- calls of the API --------------------------------------------------------

void put_request(packer& out, const actors::api_request& request,
                 call_time now) {
  const auto& call = request.call;
  out.text(api::to_string(call.what))
      .text(call.method)
      .text(call.target)
      .text(call.content_type)
      .text(call.accept)
      .flag(call.body != nullptr);
  if (call.body)
    out.text(*call.body);
  out.flag(call.repeatable)
      .text(request.id)
      .text(request.traceparent)
      .text(request.tracestate);
  put_long_span(out, duration_cast<milliseconds>(request.deadline - now));
}

/// It labels metrics and logs; one that this version does not have yet counts
/// as `info`.
api::operation operation_named(std::string_view name) {
  const auto& names = api::operation_names;
  const auto* const found = std::find(names.begin(), names.end(), name);
  return found == names.end()
             ? api::operation::info
             : static_cast<api::operation>(std::distance(names.begin(), found));
}

actors::api_request_ptr read_request(unpacker& in, call_time now) {
  auto request = std::make_shared<actors::api_request>();
  auto& call = request->call;
  call.what = operation_named(in.text(longest_call_id));
  call.method = in.text(longest_call_id);
  call.target = in.text(longest_target);
  call.content_type = in.text(longest_call_word);
  call.accept = in.text(longest_call_word);
  if (in.flag())
    call.body = std::make_shared<const std::string>(in.text(largest_call));
  call.repeatable = in.flag();
  request->id = in.text(longest_call_id);
  request->traceparent = in.text(longest_call_id);
  request->tracestate = in.text(core::longest_tracestate);
  request->deadline = now + read_long_span(in);
  return request;
}

// --- events ------------------------------------------------------------------

void put_forwarded(packer& out, const core::event& event, call_time now) {
  const auto& endpoint = *event.endpoint;
  put(out, event, now);
  out.text(endpoint.event_type)
      .flag(endpoint.ack != config::ack_mode::completed);
  put_long_span(out, endpoint.lifetime);
}

core::event_ptr read_forwarded(unpacker& in, const std::string& server,
                               call_time now) {
  const auto what = read_event(in);
  auto endpoint = std::make_shared<config::endpoint_settings>();
  endpoint->id = what.endpoint;
  endpoint->server = server;
  endpoint->event_type = in.text(longest_call_word);
  // Whether somebody waits for the outcome: a connector asks no more of it.
  endpoint->ack =
      in.flag() ? config::ack_mode::received : config::ack_mode::completed;
  endpoint->lifetime = read_long_span(in);
  if (in.failed())
    return nullptr;
  return revive(what, std::move(endpoint), nullptr, now);
}

// --- both --------------------------------------------------------------------

void put_call(packer& out, const remote_call& call, call_time now) {
  const auto* const request = std::get_if<actors::api_request_ptr>(&call.what);
  out.text(call.server).flag(request != nullptr);
  if (request != nullptr)
    put_request(out, **request, now);
  else
    put_forwarded(out, *std::get<core::event_ptr>(call.what), now);
}

remote_call_ptr read_call(unpacker& in, call_time now) {
  auto call = std::make_shared<remote_call>();
  call->server = in.text(longest_call_word);
  if (in.flag())
    call->what = read_request(in, now);
  else
    call->what = read_forwarded(in, call->server, now);
  if (!in.failed() && packed_size(*call) > largest_call)
    in.fail("has a call that is too large");
  return call;
}

void put_result(packer& out, const actors::api_result& result) {
  put(out, result.outcome);
  out.flag(result.reply.has_value());
  if (!result.reply)
    return;
  const auto& reply = *result.reply;
  out.number(static_cast<std::uint64_t>(std::max(reply.status, 0)))
      .number(reply.headers.size());
  for (const auto& [name, value] : reply.headers)
    out.text(name).text(value);
  out.text(reply.body);
}

actors::api_result_ptr read_result(unpacker& in) {
  auto result = std::make_shared<actors::api_result>();
  result->outcome = read_outcome(in);
  if (in.flag()) {
    auto& reply = result->reply.emplace();
    reply.status = in.narrow<int>();
    for (auto left = in.count(most_fields); left > 0 && !in.failed(); --left) {
      const auto name = in.text(longest_field);
      const auto value = in.text(longest_field);
      reply.headers.add(name, value);
    }
    reply.body = in.text(largest_call);
  }
  return result;
}

// --- what stands in the way --------------------------------------------------

/// A text of a call, and how long it may be.
struct bounded_text {
  std::string_view name;
  std::string_view value;
  std::size_t longest;
};

template <std::size_t Size>
std::optional<std::string>
too_long(const std::array<bounded_text, Size>& texts) {
  const auto* const found =
      std::find_if(texts.begin(), texts.end(), [](const bounded_text& each) {
        return each.value.size() > each.longest;
      });
  if (found == texts.end())
    return std::nullopt;
  return "has " + std::string(found->name) + " that is too long";
}

std::optional<std::string> too_large(std::size_t bytes) {
  if (bytes <= largest_call)
    return std::nullopt;
  return "is too large to go from node to node: " + std::to_string(bytes) +
         " bytes of at most " + std::to_string(largest_call);
}

std::optional<std::string> obstacle_to_request(const actors::api_request& it) {
  return too_long(std::to_array<bounded_text>(
      {{"a method", it.call.method, longest_call_id},
       {"a target", it.call.target, longest_target},
       {"a content type", it.call.content_type, longest_call_word},
       {"a media type to accept", it.call.accept, longest_call_word},
       {"an id", it.id, longest_call_id},
       {"a trace", it.traceparent, longest_call_id},
       {"a state of a trace", it.tracestate, core::longest_tracestate}}));
}

std::optional<std::string> obstacle_to_event(const core::event& it) {
  return too_long(std::to_array<bounded_text>(
      {{"an id", it.id, longest_call_id},
       {"an endpoint", it.endpoint->id, longest_call_word},
       {"a type", it.own_type, longest_call_word},
       {"a type", it.endpoint->event_type, longest_call_word},
       {"a source", it.own_source, longest_call_word},
       {"a trace", it.traceparent, longest_call_id},
       {"a state of a trace", it.tracestate, core::longest_tracestate}}));
}

} // namespace

std::string_view remote_call::id() const {
  const auto* const request = std::get_if<actors::api_request_ptr>(&what);
  return request != nullptr
             ? std::string_view{(*request)->id}
             : std::string_view{std::get<core::event_ptr>(what)->id};
}

remote_call::time_point remote_call::deadline() const {
  const auto* const request = std::get_if<actors::api_request_ptr>(&what);
  return request != nullptr ? (*request)->deadline
                            : std::get<core::event_ptr>(what)->deadline;
}

bool remote_call::repeatable() const {
  const auto* const request = std::get_if<actors::api_request_ptr>(&what);
  return request == nullptr || (*request)->call.repeatable;
}

std::optional<std::string> obstacle_to(const remote_call& call) {
  auto found = too_long(std::to_array<bounded_text>(
      {{"a server's name", call.server, longest_call_word}}));
  const auto* const request = std::get_if<actors::api_request_ptr>(&call.what);
  if (!found)
    found = request != nullptr
                ? obstacle_to_request(**request)
                : obstacle_to_event(*std::get<core::event_ptr>(call.what));
  return found ? found : too_large(packed_size(call));
}

std::optional<std::string> obstacle_to(const actors::api_result& result) {
  if (result.reply) {
    const auto& fields = result.reply->headers;
    if (fields.size() > most_fields)
      return "has too many fields";
    if (std::any_of(fields.begin(), fields.end(), [](const auto& field) {
          return field.first.size() > longest_field ||
                 field.second.size() > longest_field;
        }))
      return "has a field that is too long";
  }
  return too_large(packed_size(result));
}

std::size_t packed_size(const remote_call& call) {
  const auto* const request = std::get_if<actors::api_request_ptr>(&call.what);
  if (request == nullptr) {
    const auto& event = *std::get<core::event_ptr>(call.what);
    return call.server.size() + packed_size(event) +
           event.endpoint->event_type.size() + around_a_call;
  }
  const auto& it = **request;
  return call.server.size() + it.call.method.size() + it.call.target.size() +
         it.call.content_type.size() + it.call.accept.size() +
         (it.call.body ? it.call.body->size() : 0) + it.id.size() +
         it.traceparent.size() + it.tracestate.size() + around_a_call;
}

std::size_t packed_size(const actors::api_result& result) {
  packer outcome;
  put(outcome, result.outcome);
  auto size = outcome.take().size() + around_a_call;
  if (result.reply) {
    size += result.reply->body.size();
    for (const auto& [name, value] : result.reply->headers)
      size += name.size() + value.size() + around_a_field;
  }
  return size;
}

std::string pack_calls(const calls_message& what, call_time now) {
  packer out;
  out.number(what.received).number(what.heard);
  put(out, what.grant);
  out.number(what.handed_back.size());
  for (const auto& each : what.handed_back)
    out.number(each.key).number(static_cast<std::uint64_t>(each.why));
  out.number(what.cancelled.size());
  for (const auto key : what.cancelled)
    out.number(key);
  out.number(what.results.size());
  for (const auto& each : what.results) {
    out.number(each.number).number(each.key);
    put_result(out, *each.result);
  }
  out.number(what.calls.size());
  for (const auto& each : what.calls) {
    out.number(each.number).number(each.key);
    put_call(out, *each.call, now);
  }
  return out.take();
}

tl::expected<calls_message, std::string> unpack_calls(std::string_view bytes,
                                                      call_time now) {
  unpacker in(bytes);
  calls_message what;
  what.received = in.number();
  what.heard = in.number();
  what.grant = read_grant(in);
  for (auto left = in.count(most_calls_handed_back); left > 0; --left) {
    const auto key = in.number();
    what.handed_back.push_back(
        {.key = key, .why = refusals.at(in.number(refusals.size() - 1))});
  }
  for (auto left = in.count(most_calls_cancelled); left > 0; --left)
    what.cancelled.push_back(in.number());
  for (auto left = in.count(most_results_sent); left > 0 && !in.failed();
       --left) {
    told_result each;
    each.number = in.number();
    each.key = in.number();
    each.result = read_result(in);
    what.results.push_back(std::move(each));
  }
  for (auto left = in.count(most_calls_sent); left > 0 && !in.failed();
       --left) {
    sent_call each;
    each.number = in.number();
    each.key = in.number();
    each.call = read_call(in, now);
    what.calls.push_back(std::move(each));
  }
  in.end();
  return read_or_error(in, std::move(what));
}

} // namespace mfo::cluster
