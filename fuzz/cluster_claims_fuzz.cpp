// What a peer says of claims and ticks: the first byte picks who is there, the
// rest is messages, each behind a byte of its length. Whatever they are, each
// is read whole or refused, reads as the same when it is packed again, and
// leaves a desk that decides its own claims in time and keeps its bounds.

#include "cluster/claims/claim_desk.hpp"
#include "fuzz/target.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace mfo::fuzz {

namespace {

using namespace mfo::cluster;
using namespace std::chrono_literals;

void reads_again(std::string_view bytes) {
  const auto first = unpack_claims(bytes);
  if (!first)
    return require(!first.error().empty());
  if (!*first)
    return;
  const auto packed = pack(**first);
  const auto second = unpack_claims(packed);
  require(second.has_value() && second->has_value());
  require(pack(**second) == packed);
}

/// One that has no network: what it says is read, and lost.
class deaf_host final : public claim_host {
public:
  void send_claims(const std::string&, std::string bytes) override {
    const auto read = unpack_claims(bytes);
    require(read.has_value() && read->has_value());
  }

  void flush_claims_soon(const std::string&) override {}

  void decided(std::uint64_t number, claim_verdict) override {
    require(number == 1 && !decided_);
    decided_ = true;
  }

  void fire(const tick_record&) override {
    require(!fired_);
    fired_ = true;
  }

  void faulty(const std::string&, std::string_view why) override {
    require(!why.empty());
  }

  bool decided_ = false;
  bool fired_ = false;
};

view view_of(bool with_peer) {
  view::member_list members;
  for (const auto* name : {"a", "b"}) {
    if (*name == 'b' && !with_peer)
      continue;
    node_card card;
    card.name = name;
    card.born.process = 1;
    members.push_back({.card = std::make_shared<const node_card>(card),
                       .load = std::make_shared<const load_report>(),
                       .state = member_state::alive,
                       .linked = true,
                       .last_heard = {}});
  }
  return {"a", 1, std::move(members)};
}

} // namespace

void run(std::string_view input) {
  if (input.empty())
    return;
  const auto options = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  deaf_host host;
  claim_settings settings;
  settings.window.max_ids = 8;
  settings.schedules.max_triggers = 4;
  claim_desk desk{{.name = "a", .incarnation = 1}, settings, host};
  claim_desk::clock::time_point now{1h};
  desk.set_view(view_of((options & 1U) != 0), now);
  desk.link_opened({.name = "b", .incarnation = 1}, 7);
  const auto id = std::to_string(options);
  const bool at_once = desk.claim(id, 1, now + 10s, now).has_value();
  const std::array<std::string, 2> names{"a", "b"};
  const tick_record tick{.trigger = "t", .tick = 5s};
  const bool fired = desk.tick(tick, names, now, 5s) == tick_verdict::fire;
  while (!input.empty()) {
    const std::size_t length = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    const auto bytes = input.substr(0, length);
    input.remove_prefix(bytes.size());
    reads_again(bytes);
    desk.come("b", bytes, now);
    desk.flush("b", now);
    require(desk.owned() <= settings.window.max_ids);
    now += 10ms;
  }
  desk.set_view(view_of((options & 2U) != 0), now);
  for (int i = 0; i < 20; ++i) {
    now += 1s;
    desk.sweep(now);
    desk.flush("b", now);
  }
  require(at_once != host.decided_);
  require(!(fired && host.fired_));
  require(desk.pending() == 0);
}

} // namespace mfo::fuzz
