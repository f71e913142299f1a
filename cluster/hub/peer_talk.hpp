#pragma once

#include "cluster/hub/hub.hpp"
#include "cluster/hub/link_keeper.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mfo::cluster {

/// How the desks of a hub talk with the hubs of peers: over the present link to
/// each, under its number. Of the hub's actor alone.
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

  void flush_soon(const std::string& peer) const {
    self_->send(self_, flush_atom::value, peer);
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
  pointer self_;
  hub_deps_ptr deps_;
  link_keeper& links_;
};

} // namespace mfo::cluster
