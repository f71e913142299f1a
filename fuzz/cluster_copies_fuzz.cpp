// What a peer says about copies. The input is one or more messages, cut where a
// byte is 0xFF. Whatever they are, each is read whole or refused, and what was
// read is within its bounds; and a desk that hears them one after the other, as
// the origin and as a holder, keeps within its own, and can always go on.

#include "cluster/copies/copy_desk.hpp"
#include "fuzz/cuts.hpp"
#include "fuzz/target.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::fuzz {

namespace {

using namespace mfo::cluster;
using namespace std::chrono_literals;

const node_life own_life{.name = "a", .incarnation = 1};
const node_life peer_life{.name = "b", .incarnation = 1};

void reads(std::string_view bytes) {
  const auto read = unpack_copies(bytes);
  if (!read)
    return require(!read.error().empty());
  require(read->copies.size() <= most_copies_sent);
  for (const auto& each : read->copies) {
    require(each.list.holders.size() <= most_holders);
    if (each.event.empty())
      continue;
    const auto what = unpack_copied_event(each.event);
    require(what.has_value() && what->endpoint == each.endpoint);
    require(what->payload_offset + what->payload_size <= what->envelope.size());
  }
  if (read->audit)
    require(std::is_sorted(read->audit->open.begin(), read->audit->open.end()));
}

class desk_host final : public copy_host {
public:
  void send(const std::string&, std::string bytes) override {
    require(unpack_copies(bytes).has_value());
  }
  void flush_soon(const std::string&) override {}
  void held(const core::event_ptr& event) override {
    require(event != nullptr);
  }
  void not_held(const core::event_ptr& event, give_up_cause) override {
    require(event != nullptr);
  }
  bool has_endpoint(std::string_view id) override {
    return !id.empty();
  }
  core::event_ptr revive(const wire_event& what) override {
    return cluster::revive(what, nullptr, nullptr, now);
  }
  void take_over(const node_life& origin,
                 const core::event_ptr& event) override {
    require(origin == peer_life);
    taken.push_back(event->id);
  }
  void cannot_run(const node_life&, std::string_view) override {
    require(false);
  }
  void faulty(const std::string& peer, std::string_view why) override {
    require(peer == peer_life.name && !why.empty());
    is_faulty = true;
  }

  copy_desk::clock::time_point now{100h};
  std::vector<std::string> taken;
  bool is_faulty = false;
};

std::shared_ptr<const view> both(member_state of_peer) {
  view::member_list members;
  for (const auto& life : {own_life, peer_life}) {
    node_card card;
    card.name = life.name;
    card.born.process = life.incarnation;
    members.push_back(
        {.card = std::make_shared<const node_card>(card),
         .load = std::make_shared<const load_report>(),
         .state = life == own_life ? member_state::alive : of_peer,
         .linked = true,
         .last_heard = {}});
  }
  return std::make_shared<const view>(own_life.name, 1, std::move(members));
}

core::event_ptr an_event(const std::string& id) {
  auto made = std::make_shared<core::event>();
  auto endpoint = std::make_shared<config::endpoint_settings>();
  endpoint->id = "orders";
  made->id = id;
  made->endpoint = std::move(endpoint);
  made->envelope = R"({"payload":{}})";
  return made;
}

void hears(const std::vector<std::string_view>& messages) {
  copy_settings settings;
  settings.kept.max_events = 4;
  settings.kept.max_bytes = 2'000;
  desk_host host;
  copy_desk desk{own_life, settings, host};
  desk.set_view(both(member_state::alive), host.now);
  desk.link_opened(peer_life, 1, host.now);
  for (const auto* id : {"1", "2"})
    require(desk.begin(an_event(id), 1, host.now + 1s, host.now).has_value());
  desk.flush(peer_life.name, host.now);
  for (const auto message : messages) {
    desk.come(peer_life.name, message, host.now);
    require(desk.replicas() <= 4 && desk.replica_bytes() <= 2'000);
    if (host.is_faulty)
      break;
    host.now += 100ms;
    desk.sweep(host.now);
  }
  desk.link_closed(peer_life.name, 1, host.now);
  desk.set_view(both(member_state::dead), host.now);
  host.now += 10s;
  desk.sweep(host.now);
  require(desk.running() == desk.replicas());
  for (const auto& id : host.taken)
    desk.concluded(peer_life, id);
  require(desk.replicas() == 0 && desk.replica_bytes() == 0);
  for (const auto* id : {"1", "2"})
    desk.done(id);
  require(desk.open() == 0 && desk.open_bytes() == 0);
}

} // namespace

void run(std::string_view input) {
  const cuts text(input);
  for (const auto piece : text.pieces())
    reads(piece);
  hears(text.pieces());
}

} // namespace mfo::fuzz
