#pragma once

#include "config/settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mfo::cluster {

/// How a node meets its peers.
struct transport_settings {
  /// A numeric address; port 0: one that the kernel picks.
  config::listen_address listen{"127.0.0.1", 0};
  /// Off is for tests and for nodes of one host: only where `listen` is a
  /// loopback address, and dials go to loopback addresses alone.
  bool tls = true;
  std::string certificate{}; ///< a file, PEM, with its chain
  std::string key{};         ///< a file, PEM, without a pass phrase
  std::string ca{};          ///< a file, PEM: whom both sides trust, alone
  std::string name{};        ///< that the certificate must have; empty: any
  /// Who may be a peer, by a name in its certificate: exact, `*.suffix`, or `*`
  /// for all that the CA vouches for. Never empty with TLS.
  std::vector<std::string> allowed_names{};
  /// For all that comes before the first message: TCP, TLS, names, and the
  /// greeting of BASP, each way.
  std::chrono::milliseconds handshake_deadline{2000};
  std::size_t max_handshakes = 16;      ///< at once, each way
  std::size_t max_waiting = 64;         ///< for a place among them, each way
  std::uint32_t max_payload = 4u << 20; ///< bytes of one BASP message
  std::size_t max_connections = 256;    ///< links of both ways
  /// Bytes that wait for one peer to read; with more its link is closed.
  std::size_t max_unsent = 64u << 20;
};

} // namespace mfo::cluster
