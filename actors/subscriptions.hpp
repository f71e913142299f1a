#pragma once

#include "actors/server_call.hpp"
#include "actors/server_caller.hpp"
#include "config/server_settings.hpp"
#include "core/renewal.hpp"
#include "telemetry/log.hpp"
#include "telemetry/subscription_status.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace mfo::actors {

struct subscriptions_deps {
  config::server_settings server;
  /// What is asked of that server, and how it stands.
  std::vector<telemetry::subscription_status_ptr> all;
  std::shared_ptr<telemetry::log> log;
  /// Has the call carried out, as any call to the server.
  std::function<void(std::unique_ptr<server_call>)> call;
  /// After the delay, `subscribe(number)`.
  std::function<void(std::chrono::milliseconds delay, std::uint64_t number)>
      subscribe_after;
};

/// Keeps up what a node has asked a server to tell it: subscribes to each
/// event, and again when that is due (core/renewal.hpp). A server that is
/// asked again for the same event and URL is expected to keep one subscription;
/// the contract has no way to end one.
///
/// Not thread-safe: it has one owner, the server's connector. It outlives the
/// calls that it makes.
class subscriptions {
public:
  /// `host` gives time and randomness, and outlives this.
  subscriptions(subscriptions_deps deps, caller_host& host);
  subscriptions(const subscriptions&) = delete;
  subscriptions& operator=(const subscriptions&) = delete;

  /// The endpoints can be reached: subscribes to each. Again: nothing.
  void open();

  /// The time of this one has come.
  void subscribe(std::uint64_t number);

private:
  struct entry {
    telemetry::subscription_status_ptr status;
    core::renewal renewal;
  };

  void ended(std::uint64_t number, const core::outcome& outcome);
  void succeeded(entry& one);
  void failed(entry& one, const core::outcome& outcome);

  subscriptions_deps deps_;
  caller_host& host_;
  std::mt19937_64 random_; ///< for ids
  std::vector<entry> entries_;
  bool open_ = false;
};

} // namespace mfo::actors
