#pragma once

#include "cluster/hub/link_host.hpp"
#include "cluster/membership/membership.hpp"
#include "cluster/transport/link_event.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/node_id.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// How long a new link may take to be agreed on.
constexpr std::chrono::milliseconds greeting_deadline{2'000};
/// So long a link stays for a refusal to be read.
constexpr std::chrono::milliseconds refusal_time{500};

/// From what the transport tells of to links that both sides agreed on, and
/// from what the membership wants to what the transport does.
///
/// The side that dialled says hello, the other judges it and answers with its
/// own, or with why there is no link; who gets a hello as the answer judges it,
/// too. A node must bear the name that its certificate has, where there is one.
///
/// Pure but for the handles, which it only keeps. One owner, not thread-safe.
class link_keeper {
public:
  using clock = membership::clock;

  link_keeper(membership& members, link_host& host)
    : members_(members), host_(host) {}

  /// To be called every tick_interval.
  void tick(clock::time_point now);

  void heard_of(const link_event& what, clock::time_point now);
  void dial_failed(std::uint64_t token, clock::time_point now);
  void seeds_resolved(const std::vector<address>& seeds, clock::time_point now);

  /// A peer says something, from that gate.
  void said(const caf::strong_actor_ptr& gate, peer_word what,
            std::string_view bytes, clock::time_point now);

  /// The name of the peer whose present link has that number, and comes from
  /// there; null: there is none, and what it says is to be dropped.
  [[nodiscard]] const std::string* peer_at(const caf::node_id& node,
                                           std::uint64_t number) const;

  /// The gate of the peer, if there is a link; else null.
  [[nodiscard]] caf::strong_actor_ptr gate_of(const std::string& peer) const;

  /// The present link to that peer; 0: there is none.
  [[nodiscard]] std::uint64_t number_of(const std::string& peer) const;

  /// The same as the transport knows it.
  [[nodiscard]] link_id link_of(const std::string& peer) const;

  /// The peer breaks the rules.
  void close(const std::string& peer, const std::string& reason,
             clock::time_point now);

  void drain(clock::time_point now);
  void leave(clock::time_point now);

  /// Links that are up.
  [[nodiscard]] std::size_t size() const noexcept {
    return linked_nodes_.size();
  }

private:
  enum class phase : std::uint8_t {
    greeting, ///< the hello, or the answer to it, has not come
    up,
    ending, ///< it will be closed
  };

  struct peer_link {
    link_id link = 0;
    direction way = direction::accepted;
    std::uint64_t token = 0; ///< of a dial
    std::string proven{};    ///< the certificate's name; empty: none
    std::string address{};
    caf::strong_actor_ptr gate{};
    phase now = phase::greeting;
    clock::time_point since{};
    bool end_told = false;  ///< why it ends
    bool dial_told = false; ///< the membership knows what the dial came to
    std::string agreed{};   ///< who both sides found that it is; empty: nobody
    link_key key{};         ///< while the membership has it
    std::uint64_t number = 0;
  };

  /// A hello that came before the transport told of its link, or of the end of
  /// the last one.
  struct early_hello {
    caf::strong_actor_ptr gate;
    std::string bytes;
    clock::time_point since;
  };

  using links = std::map<caf::node_id, peer_link>;

  void linked(const link_event& what, clock::time_point now);
  void lost(const link_event& what, clock::time_point now);
  void take_hello(peer_link& on, std::string_view bytes, clock::time_point now);
  void take_refusal(peer_link& on, std::string_view bytes,
                    clock::time_point now);
  void take_beat(peer_link& on, std::string_view bytes, clock::time_point now);
  void refuse(peer_link& on, const refusal& why, clock::time_point now);
  void open(peer_link& on, const hello& theirs, std::uint16_t version,
            clock::time_point now);
  void tell_end(peer_link& of, const std::string& peer,
                const std::string& detail);
  void break_off(peer_link& which, const std::string& reason,
                 clock::time_point now);
  void end(peer_link& which, const std::string& reason, clock::time_point now);
  void give_up_dial(peer_link& which, clock::time_point now);
  void carry_out(order_list orders, clock::time_point now);
  void carry_out_one(const order& each, clock::time_point now);
  void publish();
  [[nodiscard]] links::iterator find(const link_key& key);

  membership& members_;
  link_host& host_;
  links links_;
  std::map<caf::node_id, early_hello> early_;
  /// CAF's ids of the peers whose links are up, by their names.
  std::map<std::string, caf::node_id, std::less<>> linked_nodes_;
  std::shared_ptr<const view> shown_;
};

} // namespace mfo::cluster
