#pragma once

#include "config/ip_network.hpp"
#include "config/settings.hpp"
#include "core/errc.hpp"
#include "core/rate_limiter.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mfo::http {

/// Who may send to which endpoint, and how much. Not thread-safe: it belongs to
/// the listener's thread. Pure: the time is passed in and never goes back.
class access {
public:
  using clock = core::token_bucket::clock;

  struct refusal {
    core::errc code; ///< source_not_allowed, rate_limited
    std::chrono::milliseconds retry_after{}; ///< until it may be tried again
  };

  /// `seed` is to be random (core/source.hpp).
  access(const std::vector<config::endpoint_settings>& endpoints,
         std::uint64_t seed);

  /// Whether `client` is one of those that may send to the endpoint at all.
  [[nodiscard]] bool allows(std::size_t endpoint,
                            const config::ip_address& client) const;

  /// Why a request of `client` is refused; nothing when it is not: then it
  /// counts. One that is refused does not count. `endpoint` is the endpoint's
  /// number, as door::endpoint has it.
  [[nodiscard]] std::optional<refusal> examine(std::size_t endpoint,
                                               const config::ip_address& client,
                                               clock::time_point now);

  /// Goes on from where `former` is, for endpoints that have the limit that
  /// they had: who has used up his tokens gets none because of a new
  /// configuration.
  void go_on_from(access& former);

private:
  struct limit {
    core::token_rate rate;
    core::token_bucket bucket;
  };

  struct entry {
    std::string id;
    config::rate_settings rate_of_all;
    config::rate_settings rate_of_each;
    config::network_set allowed; ///< none: all
    std::optional<limit> all;
    std::optional<core::rate_limiter> each;
  };

  std::vector<entry> entries_;
};

} // namespace mfo::http
