// The part of the link keeper that hears what peers say of themselves.

#include "cluster/hub/link_keeper.hpp"

#include "cluster/messages/membership_packing.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace mfo::cluster {

namespace {

/// Peers that say hello before the transport has told of them: it takes a
/// moment, so there are few.
constexpr std::size_t most_early = 64;

/// A hello's own mistakes are told to the other side like any refusal.
refusal unreadable(std::string_view what, const std::string& error) {
  return {.code = refusal_code::bad_card,
          .text = fmt::format("{} {}", what, error)};
}

} // namespace

void link_keeper::said(const caf::strong_actor_ptr& gate, peer_word what,
                       std::string_view bytes, clock::time_point now) {
  const auto found = links_.find(gate->node());
  const bool known = found != links_.end();
  const bool over = !known || found->second.now == phase::ending;
  if (over && what == peer_word::hello && early_.size() < most_early)
    early_.insert_or_assign(gate->node(),
                            early_hello{gate, std::string{bytes}, now});
  if (!known)
    return;
  auto& link = found->second;
  switch (what) {
  case peer_word::hello:
  case peer_word::welcome: {
    const auto expected =
        link.way == direction::accepted ? peer_word::hello : peer_word::welcome;
    if (over)
      return;
    if (link.now != phase::greeting || what != expected)
      return break_off(link, "a hello where none is expected", now);
    link.gate = gate;
    return take_hello(link, bytes, now);
  }
  case peer_word::refuse:
    return take_refusal(link, bytes, now);
  case peer_word::beat:
    return take_beat(link, bytes, now);
  }
}

void link_keeper::take_hello(peer_link& on, std::string_view bytes,
                             clock::time_point now) {
  const auto theirs = unpack_hello(bytes);
  if (!theirs)
    return refuse(on, unreadable("a hello", theirs.error()), now);
  if (on.way == direction::accepted && theirs->dial == 0)
    return refuse(on, unreadable("a hello", "has no number of its dial"), now);
  const auto& card = theirs->card;
  if (!on.proven.empty() && !core::equal_ignoring_case(on.proven, card.name))
    return refuse(on,
                  {.code = refusal_code::bad_card,
                   .text = fmt::format("the node is called {}, and its "
                                       "certificate is of {}",
                                       card.name, on.proven)},
                  now);
  const auto version = members_.judge(*theirs, now);
  if (!version)
    return refuse(on, version.error(), now);
  open(on, *theirs, *version, now);
}

void link_keeper::refuse(peer_link& on, const refusal& why,
                         clock::time_point now) {
  host_.say(on.gate, peer_word::refuse, pack(why));
  tell_end(on, on.proven,
           fmt::format("refused here, {}: {}", to_string(why.code), why.text));
  on.now = phase::ending;
  on.since = now;
  if (on.way == direction::dialled && !std::exchange(on.dial_told, true))
    carry_out(members_.refused_peer(on.token, why, now), now);
}

void link_keeper::take_refusal(peer_link& on, std::string_view bytes,
                               clock::time_point now) {
  const auto why = unpack_refusal(bytes);
  if (!why)
    return break_off(on, "a refusal " + why.error(), now);
  tell_end(on, on.proven,
           fmt::format("refused by the peer, {}: {}", to_string(why->code),
                       why->text));
  std::optional<std::uint64_t> dial;
  if (on.way == direction::dialled && !std::exchange(on.dial_told, true))
    dial = on.token;
  carry_out(members_.refused_by_peer(dial, *why, now), now);
  end(on, why->text, now);
}

void link_keeper::take_beat(peer_link& on, std::string_view bytes,
                            clock::time_point now) {
  if (on.now == phase::greeting)
    return break_off(on, "a heartbeat before a hello", now);
  // It was sent before the refusal came there.
  if (on.agreed.empty())
    return;
  const auto message = unpack_heartbeat(bytes);
  const bool good = message && message->sender == on.agreed;
  if (good)
    carry_out(members_.heard(*message, now), now);
  else if (on.now == phase::up)
    break_off(on,
              message ? "a heartbeat in the name of another node"
                      : "a heartbeat " + message.error(),
              now);
}

} // namespace mfo::cluster
