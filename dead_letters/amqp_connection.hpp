#pragma once

#include "dead_letters/service_url.hpp"
#include "dead_letters/sink.hpp"

#include <amqp.h>
#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mfo::dead_letters {

struct amqp_settings {
  service_url server; ///< its path is the virtual host; empty: "/"
  std::string queue;
  std::chrono::milliseconds timeout{5'000};
};

/// A connection to RabbitMQ (AMQP 0-9-1) with one channel. Blocks until a
/// deadline that `begin` sets for all that follows.
class amqp_connection {
public:
  using clock = std::chrono::steady_clock;

  /// Connects, logs in and opens the channel within the time-out. A host name
  /// is resolved with the system's own time-outs. Without a heartbeat, the
  /// server never closes a connection for being silent.
  static tl::expected<amqp_connection, std::string>
  open(const amqp_settings& settings, std::chrono::seconds heartbeat);

  /// What is done from now on must be done within the settings' time-out.
  void begin();

  /// Makes the queue, durable, unless it exists. One that exists with other
  /// arguments (a length, another type) is taken as it is; one that is not
  /// durable is an error.
  done declare_queue();

  /// How many letters can be got; nothing: there is no such queue. Returns
  /// after the server has done what it was told before.
  tl::expected<std::optional<std::uint32_t>, std::string> count();

  /// Every letter that is published will be confirmed.
  done select_confirms();

  /// Whether it can be used still; does not wait. Also sends a heartbeat that
  /// is due.
  bool alive() noexcept;

  /// Until the deadline of `begin`.
  [[nodiscard]] timeval remaining() const;

  /// "amqp at ADDRESS: WHAT".
  [[nodiscard]] std::string failure(std::string_view what) const;

  [[nodiscard]] amqp_connection_state_t raw() const noexcept {
    return state_.get();
  }

  [[nodiscard]] amqp_channel_t channel() const noexcept {
    return channel_;
  }

private:
  /// Says goodbye, which takes no longer than a second, and frees it.
  struct closer {
    void operator()(amqp_connection_state_t_* state) const noexcept;
  };

  explicit amqp_connection(const amqp_settings& settings);

  done connect(std::chrono::seconds heartbeat);
  done open_channel();
  void limit();

  const amqp_settings* settings_;
  std::unique_ptr<amqp_connection_state_t_, closer> state_;
  amqp_channel_t channel_ = 0;
  clock::time_point deadline_;
};

/// What the server or the library says went wrong.
std::string text_of(const amqp_rpc_reply_t& reply);

/// The bytes of `text`, which must outlive their use.
amqp_bytes_t bytes_of(std::string_view text) noexcept;

} // namespace mfo::dead_letters
