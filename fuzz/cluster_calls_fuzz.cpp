// What a peer says of calls. Whatever it is, it is read whole or refused; and
// what was read, packed again, reads as the same. A desk that has two calls at
// the peer, and hears that, gives each of them one result all the same, and
// asks its host for nothing that it was not asked for.

#include "cluster/calling/call_desk.hpp"
#include "fuzz/target.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::fuzz {

namespace {

using namespace mfo::cluster;
using namespace std::chrono_literals;

constexpr call_desk::clock::time_point now{1h};
const node_life peer{.name = "b", .incarnation = 1};
constexpr std::uint64_t link_number = 1;

void reads_again(std::string_view bytes) {
  const auto first = unpack_calls(bytes, now);
  if (!first)
    return require(!first.error().empty());
  const auto packed = pack_calls(*first, now);
  const auto second = unpack_calls(packed, now);
  require(second.has_value());
  require(pack_calls(*second, now) == packed);
  for (const auto& each : first->calls)
    require(!obstacle_to(*each.call));
}

class lone_host final : public call_host {
public:
  void send(const std::string& to, std::string bytes) override {
    require(to == peer.name);
    require(unpack_calls(bytes, now).has_value());
  }

  void flush_soon(const std::string& to) override {
    require(to == peer.name);
  }

  bool knows(const std::string& server) override {
    return server.size() % 2 == 1;
  }

  void run_call(const call_key& key, const std::string& server,
                const actors::api_request_ptr& request) override {
    require(request != nullptr);
    run(key, server);
  }

  void run_forward(const call_key& key, const std::string& server,
                   const core::event_ptr& event) override {
    require(event != nullptr && event->endpoint->server == server);
    run(key, server);
  }

  void cancel_run(const call_key& key, const std::string&,
                  const std::string&) override {
    require(runs.contains(key));
  }

  void called(std::uint64_t number,
              const actors::api_result_ptr& result) override {
    require(result != nullptr);
    ++results[number];
  }

  void forwarded(std::uint64_t number, const core::outcome&) override {
    ++results[number];
  }

  void faulty(const std::string& who, std::string_view why) override {
    require(who == peer.name && !why.empty());
  }

  std::map<call_key, std::string> runs;
  std::map<std::uint64_t, int> results;

private:
  void run(const call_key& key, const std::string& server) {
    require(key.origin == peer && knows(server));
    require(runs.emplace(key, server).second);
  }
};

std::shared_ptr<const view> two_nodes() {
  view::member_list members;
  for (const auto* name : {"a", "b"}) {
    node_card card;
    card.name = name;
    card.roles = {role::connector};
    members.push_back({.card = std::make_shared<const node_card>(card),
                       .load = std::make_shared<const load_report>(),
                       .state = member_state::alive,
                       .linked = true,
                       .last_heard = now});
  }
  return std::make_shared<const view>("a", 1, std::move(members));
}

void is_heard(std::string_view bytes) {
  lone_host host;
  call_desk desk({}, host, [](std::size_t) { return std::size_t{0}; });
  desk.set_view(two_nodes());
  desk.link_opened(peer, link_number, now);
  desk.come(peer.name,
            pack_calls({.grant = credit_grant{.link = link_number,
                                              .total = call_window}},
                       now),
            now);
  auto request = std::make_shared<actors::api_request>();
  request->deadline = now + 10s;
  desk.call("crm", request, 1, now);
  auto event = std::make_shared<core::event>();
  event->endpoint = std::make_shared<const config::endpoint_settings>();
  event->deadline = now + 10s;
  desk.forward("crm", event, 2, now);
  require(desk.away() == 2);
  desk.flush(peer.name, now);
  desk.come(peer.name, bytes, now);
  desk.flush(peer.name, now);
  require(desk.running() == host.runs.size());
  for (const auto& [key, server] : host.runs)
    desk.ended(key, core::outcome{});
  require(desk.running() == 0);
  desk.flush(peer.name, now);
  desk.link_closed(peer.name, link_number, now);
  desk.gone(peer);
  require(desk.away() == 0 && desk.unread_bytes() == 0);
  // What another connector may make waits for one, until its time is up.
  desk.sweep(now + 10s);
  require(desk.waiting() == 0);
  require(host.results == std::map<std::uint64_t, int>{{1, 1}, {2, 1}});
}

} // namespace

void run(std::string_view input) {
  reads_again(input);
  is_heard(input);
}

} // namespace mfo::fuzz
