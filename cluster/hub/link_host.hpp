#pragma once

#include "cluster/membership/orders.hpp"
#include "cluster/membership/view.hpp"
#include "cluster/rules/parcel.hpp"
#include "cluster/transport/link_event.hpp"

#include <caf/actor_control_block.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mfo::cluster {

/// What is said to a peer before and beside all work.
enum class peer_word : std::uint8_t { hello, welcome, refuse, beat };

/// What the link keeper asks of whoever owns it. Nothing of it may call the
/// keeper before it returns.
class link_host {
public:
  link_host() = default;
  link_host(const link_host&) = delete;
  link_host& operator=(const link_host&) = delete;
  virtual ~link_host() = default;

  /// Looks the name up, if it is one, and dials. The keeper is told what came
  /// of it, with the token: a link_event, or `dial_failed`. `expected` is the
  /// name of who should answer, or empty.
  virtual void dial(const address& where, std::string expected,
                    std::uint64_t token) = 0;

  /// `seeds_resolved` is to be called with what they stand for.
  virtual void resolve_seeds() = 0;

  virtual void close(link_id link) = 0;

  virtual void say(const caf::strong_actor_ptr& gate, peer_word what,
                   std::string bytes) = 0;

  /// Both sides agreed, to speak this version of the protocol; they know the
  /// link by this number.
  virtual void link_up(const node_life& peer, std::uint64_t number,
                       std::uint16_t version) = 0;

  /// The link of that number is over.
  virtual void link_down(const std::string& peer, std::uint64_t number) = 0;

  /// A process that was a member is dead, or has left.
  virtual void member_ended(const node_life& member) = 0;

  /// Also when no more than loads or times are new.
  virtual void view_changed(std::shared_ptr<const view> members) = 0;

  /// For the log and the metrics.
  virtual void changed(const orders::report_change& what) = 0;
  virtual void noticed(const orders::notice& what) = 0;

  /// A dial came to nothing; it is tried again. `detail` says why, in words.
  virtual void not_reached(const std::string& peer, const std::string& address,
                           const std::string& detail) = 0;

  /// A link ended, or one that came in was refused.
  virtual void link_ended(const std::string& peer, const std::string& address,
                          const std::string& detail) = 0;
};

} // namespace mfo::cluster
