// What an event costs that a peer runs, beside the link: the messages there and
// back, each written by one side and read by the other.

#include "bench/stages/fixtures.hpp"
#include "bench/stages/stage.hpp"
#include "cluster/messages/work_packing.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace mfo::bench {

namespace {

using namespace std::chrono_literals;

step remote_event() {
  struct parts {
    std::shared_ptr<const config::endpoint_settings> endpoint = an_endpoint();
    core::event_ptr event = event_of(endpoint, payload_of(1024));
    std::shared_ptr<core::stage_depths> depths =
        std::make_shared<core::stage_depths>();
  };
  return [it = std::make_shared<parts>()] {
    const auto bytes =
        cluster::pack({.received = 40,
                       .heard = 1000,
                       .events = {{.number = 41, .event = it->event}}},
                      long_ago + 5ms);
    const auto come = cluster::unpack_work(bytes);
    if (!come || come->events.size() != 1)
      return false;
    const auto there = cluster::revive(come->events[0].what, it->endpoint,
                                       it->depths, long_ago + 6ms);
    return there && there->id == it->event->id;
  };
}

step remote_end() {
  return [id = event_of(an_endpoint(), "{}")->id] {
    cluster::work_sent what;
    what.received = 41;
    what.heard = 1000;
    what.ends.push_back({.number = 17, .id = id, .how = {}});
    const auto bytes = cluster::pack(what, long_ago);
    const auto come = cluster::unpack_work(bytes);
    return come && come->ends.size() == 1 && come->ends[0].how.delivered();
  };
}

} // namespace

std::vector<stage> peer_stages() {
  return {{"remote_event", remote_event}, {"remote_end", remote_end}};
}

} // namespace mfo::bench
