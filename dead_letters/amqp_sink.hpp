#pragma once

#include "dead_letters/amqp_connection.hpp"
#include "dead_letters/sink.hpp"

#include <optional>
#include <set>

namespace mfo::dead_letters {

/// Publishes persistent messages to a durable queue of RabbitMQ by the default
/// exchange, and returns once the broker has confirmed each of them
/// (https://www.rabbitmq.com/confirms.html). A message that the broker turns
/// down (a full queue with reject-publish) or cannot route is an error.
///
/// The connection is kept, with a heartbeat that `idle` serves; one that has
/// gone is made anew by the next write.
class amqp_sink final : public sink {
public:
  explicit amqp_sink(amqp_settings settings) : settings_(std::move(settings)) {}
  amqp_sink(const amqp_sink&) = delete;
  amqp_sink& operator=(const amqp_sink&) = delete;

  done write(std::span<const letter_ptr> letters) override;
  void idle() override;
  done probe() override {
    return connect();
  }

private:
  using tags = std::set<std::uint64_t>;

  done connect();
  done publish(const letter& value);
  done await_confirms(tags outstanding);
  std::string read_return(const amqp_frame_t& frame);

  amqp_settings settings_;
  std::optional<amqp_connection> connection_;
  std::uint64_t published_ = 0; ///< on this channel: the tag of the last one
};

} // namespace mfo::dead_letters
