#pragma once

#include "config/ip_network.hpp"
#include "core/source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace mfo::http {

/// Counts the connections of each source (core/source.hpp). It knows those that
/// have one, and so no more than there are connections. Thread-safe: a
/// connection may end on any thread. Must outlive its tickets.
class source_connections {
public:
  /// `seed` is to be random (core/source.hpp).
  explicit source_connections(std::uint64_t seed);

  /// A connection that counts as long as this lives.
  class ticket {
  public:
    ticket() = default;
    ticket(ticket&& other) noexcept;
    ticket& operator=(ticket&& other) noexcept;
    ~ticket();

    /// Connections of its source when it came, itself included.
    [[nodiscard]] std::size_t number() const noexcept {
      return number_;
    }

  private:
    friend class source_connections;
    ticket(source_connections* owner, const config::ip_address& source,
           std::size_t number) noexcept
      : owner_(owner), source_(source), number_(number) {}

    source_connections* owner_ = nullptr;
    config::ip_address source_;
    std::size_t number_ = 0;
  };

  [[nodiscard]] ticket enter(const config::ip_address& address);

  /// Sources that have a connection.
  [[nodiscard]] std::size_t sources() const;

private:
  void leave(const config::ip_address& source) noexcept;

  mutable std::mutex mutex_;
  std::unordered_map<config::ip_address, std::size_t, core::source_hash>
      counts_;
};

} // namespace mfo::http
