#pragma once

#include "node/key_place.hpp"

#include "config/settings.hpp"
#include "http/listener_tls.hpp"
#include "telemetry/observer.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

/// The TLS of the node's listeners; null where one speaks plain HTTP.
struct tls_listeners {
  std::shared_ptr<http::listener_tls> events;
  std::shared_ptr<http::listener_tls> admin;

  /// Reads their files. The error is all that is wrong with them, by section of
  /// the configuration.
  static tl::expected<tls_listeners, std::vector<key_fault>>
  open(const config::settings& settings, const telemetry::observer& observer);

  /// The same for the settings that come after `before`: what is the same in
  /// both goes on as it is, its files read again.
  [[nodiscard]] tl::expected<tls_listeners, std::vector<key_fault>>
  open_next(const config::settings& before, const config::settings& settings,
            const telemetry::observer& observer) const;

  /// Reads all files again; connections that are open keep what they have, and
  /// a listener whose files are not good now keeps those that were. Blocks for
  /// the files. On one thread at a time, as the next.
  void reload() const;

  /// The same, for listeners with a file that is another than it was.
  void reload_changed() const;
};

/// All that is wrong with the TLS files that `settings` name, for listeners,
/// for servers and for the cluster, by section.
std::vector<key_fault> check_tls_files(const config::settings& settings);

} // namespace mfo::node
