#pragma once

#include "cluster/hub/peer_wire.hpp"
#include "cluster/transport/transport.hpp"

#include <string>
#include <utility>

namespace mfo::cluster {

/// A transport as the hub's way to its peers.
class transport_wire final : public peer_wire {
public:
  explicit transport_wire(transport opened) : transport_(std::move(opened)) {}

  [[nodiscard]] bool dial(const config::listen_address& where,
                          std::string expected, std::uint64_t token) override {
    return transport_.dial(where, std::move(expected), token);
  }

  void close(link_id link) override {
    transport_.close(link);
  }

  /// For whoever opened it.
  [[nodiscard]] transport& get() noexcept {
    return transport_;
  }

private:
  transport transport_;
};

} // namespace mfo::cluster
