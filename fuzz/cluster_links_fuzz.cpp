// What peers say before and beside all work, and when. The input is a list of
// steps: a byte that picks the peer and what happens (a link comes or goes, a
// word is said, time passes), a byte of length, and the word. Whatever it is,
// the keeper's host hears of each link's beginning and end once, every word
// that it is asked to say can be read, and the keeper keeps its bounds.

#include "cluster/hub/link_keeper.hpp"
#include "cluster/messages/membership_packing.hpp"
#include "fuzz/target.hpp"
#include "tests/cluster/hub/far_gate.hpp"

#include <caf/actor_system.hpp>

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::fuzz {

namespace {

using namespace mfo::cluster;
using namespace std::chrono_literals;
using mfo::cluster::test::far_node;
using mfo::cluster::test::gate_at;

constexpr std::size_t peers = 4;
constexpr std::size_t most_members = 5;

/// They, and their actor system, stay until the process ends: CAF's own globals
/// are gone before a static one of ours would be.
const std::array<caf::strong_actor_ptr, peers>& gates() {
  using gate_list = std::array<caf::strong_actor_ptr, peers>;
  static auto& system =
      *new caf::actor_system{*new mfo::cluster::test::still_configuration};
  static const auto& all = *new gate_list{
      gate_at(system, far_node(1)), gate_at(system, far_node(2)),
      gate_at(system, far_node(3)), gate_at(system, far_node(4))};
  return all;
}

class lone_host final : public link_host {
public:
  void dial(const address& where, std::string, std::uint64_t token) override {
    require(is_dialable(where));
    dials.push_back(token);
  }
  void resolve_seeds() override {}
  void close(link_id link) override {
    closed.push_back(link);
  }
  void say(const caf::strong_actor_ptr& gate, peer_word what,
           std::string bytes) override {
    require(gate != nullptr);
    switch (what) {
    case peer_word::hello:
    case peer_word::welcome:
      return require(unpack_hello(bytes).has_value());
    case peer_word::refuse:
      return require(unpack_refusal(bytes).has_value());
    case peer_word::beat:
      return require(unpack_heartbeat(bytes).has_value());
    }
  }
  void link_up(const node_life& peer, std::uint64_t number,
               std::uint16_t version) override {
    require(number > 0 && version == 1);
    require(up[peer.name].emplace(number, true).second);
  }
  void link_down(const std::string& peer, std::uint64_t number) override {
    require(up[peer].erase(number) == 1);
    if (up[peer].empty())
      up.erase(peer);
  }
  void member_ended(const node_life& member) override {
    require(!member.name.empty());
  }
  void view_changed(std::shared_ptr<const view> members) override {
    require(members->members().size() <= most_members);
  }
  void changed(const orders::report_change&) override {}
  void noticed(const orders::notice& what) override {
    require(!what.text.empty());
  }
  void not_reached(const std::string&, const std::string&,
                   const std::string&) override {}
  void link_ended(const std::string&, const std::string&,
                  const std::string& detail) override {
    require(!detail.empty());
  }

  std::map<std::string, std::map<std::uint64_t, bool>> up;
  std::vector<std::uint64_t> dials;
  std::vector<link_id> closed;
};

node_card own_card() {
  return {.name = "a",
          .born = {.started = 1, .process = 1},
          .where = {"a", 7420},
          .roles = role_set::all(),
          .labels = {},
          .speaks = {},
          .software = "1"};
}

/// A keeper whose transport is played.
class played_links {
public:
  played_links() {
    keeper_.tick(now_);
    keeper_.seeds_resolved({{"s1", 1}, {"s2", 2}}, now_);
  }

  void step(unsigned what, std::string_view word) {
    const auto peer = what % peers;
    const auto& gate = gates().at(peer);
    switch (what / peers % 8) {
    case 0:
      return keeper_.said(gate, peer_word::hello, word, now_);
    case 1:
      return keeper_.said(gate, peer_word::welcome, word, now_);
    case 2:
      return keeper_.said(gate, peer_word::refuse, word, now_);
    case 3:
      return keeper_.said(gate, peer_word::beat, word, now_);
    case 4:
      return linked(direction::accepted, peer, word);
    case 5:
      return linked(direction::dialled, peer, word);
    case 6:
      return lost(word.size());
    default:
      for (std::size_t i = 0; i <= word.size() % 32; ++i) {
        now_ += 100ms;
        keeper_.tick(now_);
      }
    }
  }

  void check() const {
    require(host_.up.size() == keeper_.size());
    for (const auto& [peer, numbers] : host_.up) {
      require(numbers.size() == 1);
      require(keeper_.number_of(peer) == numbers.begin()->first);
      const auto gate = keeper_.gate_of(peer);
      require(gate != nullptr);
      const auto* name = keeper_.peer_at(gate->node(), numbers.begin()->first);
      require(name != nullptr && *name == peer);
    }
  }

  void end_all() {
    for (link_id link = 1; link <= last_link_; ++link)
      end(link);
    require(keeper_.size() == 0 && host_.up.empty());
    keeper_.leave(now_);
    for (int i = 0; i < 20; ++i) {
      now_ += 100ms;
      keeper_.tick(now_);
    }
    require(members_.has_left());
  }

private:
  void linked(direction way, std::size_t peer, std::string_view name) {
    link_event event{.what = link_event::kind::linked,
                     .link = ++last_link_,
                     .way = way,
                     .peer = std::string{name},
                     .address = "somewhere",
                     .node = gates().at(peer)->node()};
    if (way == direction::dialled) {
      if (host_.dials.empty())
        return;
      event.token = host_.dials.back();
      host_.dials.pop_back();
      event.gate = gates().at(peer);
    }
    keeper_.heard_of(event, now_);
  }

  void lost(link_id link) {
    end(link);
    for (const auto each : std::exchange(host_.closed, {}))
      end(each);
  }

  void end(link_id link) {
    keeper_.heard_of({.what = link_event::kind::lost,
                      .link = link,
                      .reason = end_reason::broken,
                      .text = "it was reset"},
                     now_);
  }

  static membership_settings few() {
    membership_settings settings;
    settings.max_members = most_members;
    return settings;
  }

  membership::clock::time_point now_{1h};
  lone_host host_;
  membership members_{"shop", own_card(), few(), [] { return 0.5; }, now_};
  link_keeper keeper_{members_, host_};
  link_id last_link_ = 0;
};

} // namespace

void run(std::string_view input) {
  played_links links;
  while (input.size() >= 2) {
    const unsigned what = static_cast<unsigned char>(input[0]);
    const std::size_t length = static_cast<unsigned char>(input[1]);
    input.remove_prefix(2);
    const auto word = input.substr(0, length);
    input.remove_prefix(word.size());
    links.step(what, word);
    links.check();
  }
  links.end_all();
}

} // namespace mfo::fuzz
