#include "cluster/messages/event_packing.hpp"

#include "core/json_check.hpp"
#include "core/ordering_key.hpp"
#include "core/trace_context.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace mfo::cluster {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_word = 1024; ///< a type, a source, a trace
constexpr std::size_t longest_text = 64 * std::size_t{1024};
constexpr std::size_t most_violations = 64;

void put(packer& out, milliseconds span) {
  out.number(
      static_cast<std::uint64_t>(std::max(span, milliseconds::zero()).count()));
}

milliseconds read_span(unpacker& in) {
  return milliseconds{in.narrow<milliseconds::rep>()};
}

std::string_view bytes_of(const config::ip_address& address) {
  const auto& bytes = address.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

config::ip_address read_address(unpacker& in) {
  config::ip_address::byte_array bytes{};
  const auto given = in.text(bytes.size());
  if (given.size() != bytes.size())
    in.fail("has an address of another length");
  std::ranges::copy(given, bytes.begin());
  return config::ip_address{bytes};
}

core::errc error_named(std::string_view slug, std::string& detail) {
  const auto all = core::all_errors();
  const auto found =
      std::ranges::find(all, slug, &core::errc_description::slug);
  if (found != all.end())
    return found->code;
  detail = "the peer says: " + std::string(slug);
  return core::errc::internal_error;
}

} // namespace

bool is_readable(const core::event& what) noexcept {
  return what.id.size() <= longest_id &&
         what.traceparent.size() <= longest_id &&
         what.tracestate.size() <= core::longest_tracestate &&
         what.endpoint->id.size() <= longest_word &&
         what.own_type.size() <= longest_word &&
         what.own_source.size() <= longest_word;
}

void put(packer& out, const core::event& what,
         std::chrono::steady_clock::time_point now) {
  out.text(what.id)
      .text(what.endpoint->id)
      .flag(what.named_by_sender)
      .text(what.own_type)
      .text(what.own_source)
      .text(what.ordering_key)
      .number(what.hops)
      .text(bytes_of(what.client))
      .text(what.traceparent)
      .text(what.tracestate)
      .text(what.envelope)
      .number(what.payload_offset)
      .number(what.payload_size);
  put(out, what.received_unix);
  put(out, duration_cast<milliseconds>(now - what.received_at));
  put(out, duration_cast<milliseconds>(what.deadline - now));
}

wire_event read_event(unpacker& in) {
  wire_event what;
  what.id = in.text(longest_id);
  what.endpoint = in.text(longest_word);
  what.named_by_sender = in.flag();
  what.own_type = in.text(longest_word);
  what.own_source = in.text(longest_word);
  what.ordering_key = in.text(core::longest_ordering_key);
  what.hops = in.narrow<unsigned>();
  what.client = read_address(in);
  what.traceparent = in.text(longest_id);
  what.tracestate = in.text(core::longest_tracestate);
  what.envelope = in.text(longest_envelope);
  what.payload_offset = in.number(what.envelope.size());
  what.payload_size = in.number(what.envelope.size() - what.payload_offset);
  what.received_unix = read_span(in);
  what.age = read_span(in);
  what.time_left = read_span(in);
  return what;
}

core::event_ptr
revive(const wire_event& what,
       std::shared_ptr<const config::endpoint_settings> endpoint,
       std::shared_ptr<core::stage_depths> depths,
       std::chrono::steady_clock::time_point now,
       core::generation_ptr generation, bool traced) {
  // A peer's clock may say anything; a time is made of it none the less.
  constexpr std::chrono::milliseconds longest{std::chrono::hours{24 * 366}};
  auto ev = std::make_shared<core::event>();
  ev->id = what.id;
  ev->endpoint = std::move(endpoint);
  ev->generation = std::move(generation);
  ev->named_by_sender = what.named_by_sender;
  ev->proven = true;
  ev->own_type = what.own_type;
  ev->own_source = what.own_source;
  ev->ordering_key = what.ordering_key;
  ev->hops = what.hops;
  ev->client = what.client;
  if (auto trace = core::parse_traceparent(what.traceparent)) {
    if (traced && trace->sampled) {
      ev->parent_span = trace->span;
      // Another each time that it comes.
      trace->span = core::child_span(
          trace->span, std::to_string(now.time_since_epoch().count()));
    }
    ev->traceparent = core::traceparent_of(*trace);
  }
  ev->tracestate = what.tracestate;
  ev->given_at = now;
  ev->envelope.reserve(what.envelope.size() + core::json_padding);
  ev->envelope = what.envelope;
  ev->payload_offset = what.payload_offset;
  ev->payload_size = what.payload_size;
  ev->received_at = now - std::min(what.age, longest);
  ev->received_unix = what.received_unix;
  ev->deadline = now + std::min(what.time_left, longest);
  ev->where = core::stage_marker{std::move(depths), core::stage::router};
  return ev;
}

void put(packer& out, const core::outcome& what) {
  out.text(what.error ? core::describe(*what.error).slug : std::string_view{})
      .number(what.attempts)
      .number(static_cast<std::uint64_t>(std::max(what.upstream_status, 0)));
  put(out, what.retry_after);
  const auto most = [](std::string_view text, std::size_t length) {
    return text.substr(0, length);
  };
  out.text(most(what.reply, longest_text))
      .text(most(what.challenge, longest_text));
  const auto listed = std::min(what.violations.size(), most_violations);
  out.number(listed);
  for (std::size_t i = 0; i < listed; ++i)
    out.text(most(what.violations[i].pointer, longest_text))
        .text(most(what.violations[i].rule, longest_text));
  out.text(most(what.detail, longest_text));
}

core::outcome read_outcome(unpacker& in) {
  core::outcome what;
  std::string unknown;
  if (const auto slug = in.text(longest_id); !slug.empty())
    what.error = error_named(slug, unknown);
  what.attempts = in.narrow<unsigned>();
  what.upstream_status = in.narrow<int>();
  what.retry_after = read_span(in);
  what.reply = in.text(longest_text);
  what.challenge = in.text(longest_text);
  for (auto left = in.count(most_violations); left > 0 && !in.failed();
       --left) {
    core::violation each;
    each.pointer = in.text(longest_text);
    each.rule = in.text(longest_text);
    what.violations.push_back(std::move(each));
  }
  what.detail = in.text(longest_text);
  if (!unknown.empty())
    what.detail = unknown + (what.detail.empty() ? "" : ": " + what.detail);
  return what;
}

} // namespace mfo::cluster
