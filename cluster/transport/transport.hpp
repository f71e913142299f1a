#pragma once

#include "cluster/transport/link_event.hpp"
#include "cluster/transport/transport_settings.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mfo::cluster {

/// How this node's actors reach those of its peers: CAF's messages (BASP) over
/// TLS 1.3 of our own, both sides with a certificate of the cluster's CA. One
/// an actor system, which was set up by `prepare` and outlives it.
///
/// Peers can write to one actor, the gate, and to whose handles it gives away.
/// A certificate of the CA is full trust: who has one can send to any actor
/// whose number it guesses, and end it.
///
/// Accepting and dialling is done in a thread of its own, never in CAF's. It
/// never waits for one peer: not for one that says nothing, nor for one that
/// does not answer.
///
/// What CAF does not do, and whoever uses this has to: nothing tells that a
/// message has arrived, what is sent to a peer that is gone vanishes, and more
/// than `max_unsent` bytes sent to one that does not read ends the link. A
/// message of more than `max_payload` bytes ends it too.
///
/// Thread-safe, but for `stop`, moving, and the end of its life.
class transport {
public:
  /// Listens. The error is in words for the operator: it names the file or the
  /// address that is wrong.
  [[nodiscard]] static tl::expected<transport, std::string>
  open(caf::actor_system& system, const transport_settings& settings,
       caf::strong_actor_ptr gate, link_observer observer);

  /// What `open` would say of the files; it looks at nothing else.
  [[nodiscard]] static std::optional<std::string>
  find_file_fault(const transport_settings& settings);

  transport(transport&&) noexcept;
  transport& operator=(transport&&) noexcept;
  ~transport(); ///< stops

  /// Connects to a numeric address. The observer is told what came of it, with
  /// this token: `linked` or `failed`, within two of the deadlines once it has
  /// its place among those that begin. The peer's certificate must have the
  /// name `expected` or, if that is empty, any that is allowed. Returns at
  /// once. False: as many dials wait as may, and the observer hears nothing.
  [[nodiscard]] bool dial(const config::listen_address& address,
                          std::string expected, std::uint64_t token);

  /// Ends a link; the observer is told when it has ended.
  void close(link_id link);

  /// Reads certificate, key and CA again, for links from now on; those that
  /// are there stay. With an error, which names the file, nothing changes.
  [[nodiscard]] tl::expected<void, std::string> reload();

  [[nodiscard]] std::vector<link_info> links() const;

  [[nodiscard]] std::uint16_t bound_port() const noexcept;

  /// How many links and attempts have ended for this reason.
  [[nodiscard]] std::uint64_t count(end_reason reason) const noexcept;

  /// When this node's certificate ends; nothing without TLS.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> expires() const;

  /// Ends all links and attempts, with an event for each, within two seconds.
  /// Afterwards there is no thread, no socket and no event. Not for the
  /// observer to call.
  void stop();

private:
  struct parts;

  explicit transport(std::unique_ptr<parts> given) noexcept;

  std::unique_ptr<parts> parts_; ///< null: moved from
};

} // namespace mfo::cluster
