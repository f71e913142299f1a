#include "cluster/messages/work_packing.hpp"

#include "cluster/messages/grant_packing.hpp"
#include "cluster/messages/packer.hpp"
#include "cluster/messages/unpacker.hpp"

#include <utility>

namespace mfo::cluster {

namespace {

constexpr std::size_t longest_event_id = 128;
constexpr std::size_t around_an_event = 64; ///< numbers and lengths

} // namespace

std::string pack(const work_sent& what,
                 std::chrono::steady_clock::time_point now) {
  packer out;
  out.number(what.received).number(what.heard);
  put(out, what.grant);
  out.number(what.handed_back.size());
  for (const auto& id : what.handed_back)
    out.text(id);
  out.number(what.ends.size());
  for (const auto& end : what.ends) {
    out.number(end.number).text(end.id);
    put(out, end.how);
  }
  out.number(what.events.size());
  for (const auto& each : what.events) {
    out.number(each.number);
    put(out, *each.event, now);
  }
  return out.take();
}

std::size_t packed_size(const core::event& what) noexcept {
  return what.id.size() + what.endpoint->id.size() + what.own_type.size() +
         what.own_source.size() + what.ordering_key.size() +
         what.traceparent.size() + what.tracestate.size() +
         what.envelope.size() + around_an_event;
}

std::size_t packed_size(const wire_event& what) noexcept {
  return what.id.size() + what.endpoint.size() + what.own_type.size() +
         what.own_source.size() + what.ordering_key.size() +
         what.traceparent.size() + what.tracestate.size() +
         what.envelope.size() + around_an_event;
}

tl::expected<work_come, std::string> unpack_work(std::string_view bytes) {
  unpacker in(bytes);
  work_come what;
  what.received = in.number();
  what.heard = in.number();
  what.grant = read_grant(in);
  for (auto left = in.count(most_handed_back); left > 0 && !in.failed(); --left)
    what.handed_back.emplace_back(in.text(longest_event_id));
  for (auto left = in.count(most_conclusions_sent); left > 0 && !in.failed();
       --left) {
    told_end end;
    end.number = in.number();
    end.id = in.text(longest_event_id);
    end.how = read_outcome(in);
    what.ends.push_back(std::move(end));
  }
  for (auto left = in.count(most_events_sent); left > 0 && !in.failed();
       --left) {
    work_come::event each;
    each.number = in.number();
    each.what = read_event(in);
    what.events.push_back(each);
  }
  in.end();
  return read_or_error(in, std::move(what));
}

} // namespace mfo::cluster
