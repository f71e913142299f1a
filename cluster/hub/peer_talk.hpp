#pragma once

#include "cluster/hub/hub.hpp"
#include "cluster/hub/link_keeper.hpp"
#include "cluster/rules/pace.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::cluster {

/// How the desks of a hub talk with the hubs of peers: over the present link to
/// each, under its number. Of the hub's actor alone.
///
/// On a busy link a few messages wait for each other, and go as one: a message
/// costs two processes a system call, a record of TLS and the turns of some
/// threads, whether one event is in it or many.
class peer_talk {
public:
  using pointer = hub_actor::stateful_pointer<hub_state>;

  peer_talk(pointer self, hub_deps_ptr deps, link_keeper& links)
    : self_(self), deps_(std::move(deps)), links_(links) {}

  /// What `Atom` says the bytes are; without a link they are dropped.
  template <class Atom>
  void send(const std::string& peer, std::string bytes) const {
    deps_->report->bytes_sent.fetch_add(bytes.size(),
                                        std::memory_order_relaxed);
    if (const auto gate = links_.gate_of(peer))
      self_->send(caf::actor_cast<gate_actor>(gate), Atom::value,
                  links_.number_of(peer), std::move(bytes));
  }

  /// The hub is sent a `flush_atom` for all that is to be said to this peer,
  /// unless one is under way.
  void flush_soon(const std::string& peer) {
    auto& to = flushes_.try_emplace(peer).first->second;
    if (std::exchange(to.under_way, true))
      return;
    const auto wait = to.when.wait(self_->clock().now());
    if (wait == wait.zero())
      self_->send(self_, flush_atom::value, peer);
    else
      self_->delayed_send(self_, wait, flush_atom::value, peer);
  }

  /// That message has come: the desks say what they have.
  void flushing(const std::string& peer) {
    if (const auto to = flushes_.find(peer); to != flushes_.end())
      to->second.under_way = false;
  }

  /// They have said so many things.
  void said(const std::string& peer, std::size_t things) {
    if (const auto to = flushes_.find(peer); to != flushes_.end())
      to->second.when.sent(things, self_->clock().now());
  }

  /// To whom there is something to say.
  [[nodiscard]] std::vector<std::string> waiting() const {
    std::vector<std::string> peers;
    for (const auto& [peer, to] : flushes_)
      if (to.under_way)
        peers.push_back(peer);
    return peers;
  }

  /// The link to the peer is over. A message that is under way does no harm.
  void forget(const std::string& peer) {
    flushes_.erase(peer);
  }

  /// Gives the desk what has come, unless that is of a link that is over.
  template <class Desk>
  void hear(Desk& desk, const caf::node_id& from, std::uint64_t number,
            std::string_view bytes) const {
    deps_->report->bytes_received.fetch_add(bytes.size(),
                                            std::memory_order_relaxed);
    // By value: what it says may end the link.
    if (const auto* peer = links_.peer_at(from, number))
      desk.come(std::string{*peer}, bytes, self_->clock().now());
  }

  /// The peer breaks the rules: its link is closed, but not at once, as a desk
  /// is at work on what it said.
  void faulty(const std::string& peer, std::string_view why) const {
    deps_->log->error("a peer breaks the rules",
                      {{"node", peer}, {"detail", why}});
    self_->send(self_, failed_atom::value, links_.number_of(peer), peer);
  }

private:
  struct flushes {
    bool under_way = false;
    pace when{};
  };

  pointer self_;
  hub_deps_ptr deps_;
  link_keeper& links_;
  std::map<std::string, flushes, std::less<>> flushes_; ///< by linked peer
};

} // namespace mfo::cluster
