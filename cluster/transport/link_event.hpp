#pragma once

#include "cluster/transport/end_reason.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/node_id.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace mfo::cluster {

/// Of one transport, never used twice; 0 is none.
using link_id = std::uint64_t;

enum class direction : std::uint8_t {
  accepted, ///< the peer dialled
  dialled,  ///< we did
};

/// What happened to a link, or to what was to become one.
struct link_event {
  enum class kind : std::uint8_t {
    linked,  ///< messages may be sent
    lost,    ///< a link that was there has ended
    failed,  ///< a dial came to nothing
    refused, ///< one who came in was sent away
  };

  kind what = kind::refused;
  link_id link = 0; ///< of `linked` and `lost`
  direction way = direction::accepted;
  std::uint64_t token = 0; ///< of a dial: the caller's
  /// By its certificate; empty without TLS, or as long as it is not known. Of
  /// a dial that failed: whom it was to reach.
  std::string peer{};
  std::string address{}; ///< `192.0.2.1:7000`, `[2001:db8::1]:7000`
  caf::node_id node{};   ///< of `linked`: the peer's, which its messages have
  /// Of `linked` by a dial: the peer's gate. Who accepted learns of the peer's
  /// gate by a message.
  caf::strong_actor_ptr gate{};
  end_reason reason = end_reason::stopped; ///< of all but `linked`
  std::string text{}; ///< the reason in words for the log; of others: nothing
};

/// Called on the transport's own thread, one call at a time, and never after
/// `transport::stop` has returned. It must not block; it may call whatever
/// the transport offers but `stop`.
using link_observer = std::function<void(const link_event&)>;

struct link_info {
  link_id link = 0;
  direction way = direction::accepted;
  std::string peer{};
  std::string address{};
  /// Nothing: not known.
  std::optional<std::chrono::microseconds> round_trip{};
  /// When the peer's certificate ends. Nothing: without TLS.
  std::optional<std::chrono::sys_seconds> certificate_end{};
};

} // namespace mfo::cluster
