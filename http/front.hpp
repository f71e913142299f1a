#pragma once

#include "http/access.hpp"
#include "http/door.hpp"
#include "http/forwarded.hpp"
#include "http/listener.hpp"

#include <cstddef>
#include <random>
#include <utility>
#include <vector>

namespace mfo::http {

/// What requests are held to: all that is of one configuration.
struct front {
  front(const config::settings& settings, listener_deps given)
    : deps(std::move(given)), door(settings.endpoints),
      access(settings.endpoints, std::random_device{}()),
      forwarded(settings.proxies) {
    const auto& book = *deps.services->observer.metrics->events();
    for (const auto& each : settings.endpoints)
      accounts.push_back(book.index_of(each.id));
  }

  /// The ledger's index.
  [[nodiscard]] std::size_t account_of(const door::endpoint* endpoint) const {
    return endpoint != nullptr ? accounts[endpoint->number - 1]
                               : telemetry::ledger::no_endpoint;
  }

  listener_deps deps;
  http::door door;
  http::access access;
  http::forwarded forwarded;
  std::vector<std::size_t> accounts; ///< of the endpoints, in their order
};

} // namespace mfo::http
