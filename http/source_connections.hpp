#pragma once

#include "config/ip_network.hpp"
#include "core/source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace mfo::http {

/// Counts the connections of each source (core/source.hpp), and the bytes of
/// the bodies that it is sending. It knows those that have a connection, and so
/// no more than there are connections. Thread-safe: a connection may end on any
/// thread. Must outlive its tickets.
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

    /// Counts `bytes` more of a body; false, and unchanged, when those of its
    /// source would be more than `most`. Always true where nothing is counted.
    [[nodiscard]] bool hold(std::size_t bytes, std::size_t most);

    /// The body is whole: others count it now.
    void let_go() noexcept;

  private:
    friend class source_connections;
    ticket(source_connections* owner, const config::ip_address& source,
           std::size_t number) noexcept
      : owner_(owner), source_(source), number_(number) {}

    source_connections* owner_ = nullptr;
    config::ip_address source_;
    std::size_t number_ = 0;
    std::size_t bytes_ = 0;
  };

  [[nodiscard]] ticket enter(const config::ip_address& address);

  /// Sources that have a connection.
  [[nodiscard]] std::size_t sources() const;

private:
  struct account {
    std::size_t connections = 0;
    std::size_t bytes = 0;
  };

  void leave(const config::ip_address& source, std::size_t bytes) noexcept;

  mutable std::mutex mutex_;
  std::unordered_map<config::ip_address, account, core::source_hash> accounts_;
};

} // namespace mfo::http
