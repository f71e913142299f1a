#pragma once

#include "cluster/transport/link_event.hpp"
#include "config/listen_address.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::cluster {

/// What the hub needs of a transport. Thread-safe, none blocks.
class peer_wire {
public:
  peer_wire() = default;
  peer_wire(const peer_wire&) = delete;
  peer_wire& operator=(const peer_wire&) = delete;
  virtual ~peer_wire() = default;

  /// As transport::dial.
  [[nodiscard]] virtual bool dial(const config::listen_address& where,
                                  std::string expected,
                                  std::uint64_t token) = 0;

  virtual void close(link_id link) = 0;
};

using peer_wire_ptr = std::shared_ptr<peer_wire>;

/// The numeric addresses that a name stands for; empty: none is known.
using resolved_function =
    std::function<void(std::vector<config::listen_address> found)>;

/// Looks a name up, with a deadline, and calls back once, on any thread. Must
/// not block.
using resolve_function = std::function<void(const config::listen_address& name,
                                            resolved_function done)>;

} // namespace mfo::cluster
