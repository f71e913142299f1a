#include "dead_letters/amqp_sink.hpp"

#include "dead_letters/letter_json.hpp"

#include <amqp_framing.h>
#include <fmt/format.h>

namespace mfo::dead_letters {

namespace {

constexpr std::chrono::seconds heartbeat{30};
constexpr std::uint8_t persistent = 2; ///< AMQP 0-9-1, delivery-mode

/// Takes off what a confirmation is for.
void settle(std::set<std::uint64_t>& outstanding, std::uint64_t tag,
            bool multiple) {
  if (multiple)
    outstanding.erase(outstanding.begin(), outstanding.upper_bound(tag));
  else
    outstanding.erase(tag);
}

} // namespace

done amqp_sink::connect() {
  if (connection_ && connection_->alive()) {
    connection_->begin();
    return {};
  }
  connection_.reset();
  published_ = 0;
  auto made = amqp_connection::open(settings_, heartbeat);
  if (!made)
    return tl::unexpected(std::move(made.error()));
  auto ready = made->declare_queue();
  if (ready)
    ready = made->select_confirms();
  if (!ready)
    return ready;
  connection_.emplace(std::move(*made));
  connection_->begin();
  return {};
}

done amqp_sink::publish(const letter& value) {
  const auto body = to_json(value);
  amqp_basic_properties_t properties{};
  properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG |
                      AMQP_BASIC_DELIVERY_MODE_FLAG |
                      AMQP_BASIC_MESSAGE_ID_FLAG;
  properties.content_type = bytes_of("application/json");
  properties.delivery_mode = persistent;
  // A short string (AMQP 0-9-1, section 4.2.5.3).
  properties.message_id =
      bytes_of(std::string_view{value.event_id}.substr(0, 255));
  const int status = ::amqp_basic_publish(
      connection_->raw(), connection_->channel(), ::amqp_empty_bytes,
      bytes_of(settings_.queue), /*mandatory=*/1, /*immediate=*/0, &properties,
      bytes_of(body));
  if (status != AMQP_STATUS_OK)
    return tl::unexpected(connection_->failure(::amqp_error_string2(status)));
  ++published_;
  return {};
}

/// Takes in the message that comes back; gives the reason.
std::string amqp_sink::read_return(const amqp_frame_t& frame) {
  const auto* returned =
      static_cast<const amqp_basic_return_t*>(frame.payload.method.decoded);
  auto reason = fmt::format(
      "queue {} does not take it: {}", settings_.queue,
      std::string_view{static_cast<const char*>(returned->reply_text.bytes),
                       returned->reply_text.len});
  amqp_message_t message{};
  const auto read =
      ::amqp_read_message(connection_->raw(), frame.channel, &message, 0);
  if (read.reply_type == AMQP_RESPONSE_NORMAL)
    ::amqp_destroy_message(&message);
  return reason;
}

done amqp_sink::await_confirms(tags outstanding) {
  std::string refused; // why one of them was
  while (!outstanding.empty()) {
    ::amqp_maybe_release_buffers(connection_->raw());
    amqp_frame_t frame{};
    const auto left = connection_->remaining();
    const int status =
        ::amqp_simple_wait_frame_noblock(connection_->raw(), &frame, &left);
    if (status == AMQP_STATUS_TIMEOUT)
      return tl::unexpected(connection_->failure(fmt::format(
          "no confirmation within {} ms", settings_.timeout.count())));
    if (status != AMQP_STATUS_OK)
      return tl::unexpected(connection_->failure(::amqp_error_string2(status)));
    if (frame.frame_type != AMQP_FRAME_METHOD)
      continue;
    auto& method = frame.payload.method;
    if (method.id == AMQP_BASIC_ACK_METHOD) {
      const auto* ack = static_cast<const amqp_basic_ack_t*>(method.decoded);
      settle(outstanding, ack->delivery_tag, ack->multiple != 0);
    } else if (method.id == AMQP_BASIC_NACK_METHOD) {
      const auto* nack = static_cast<const amqp_basic_nack_t*>(method.decoded);
      settle(outstanding, nack->delivery_tag, nack->multiple != 0);
      refused = fmt::format("queue {} is full or has failed: the broker "
                            "refused the letter",
                            settings_.queue);
    } else if (method.id == AMQP_BASIC_RETURN_METHOD) {
      refused = read_return(frame);
    } else if (method.id == AMQP_CHANNEL_CLOSE_METHOD ||
               method.id == AMQP_CONNECTION_CLOSE_METHOD) {
      const amqp_rpc_reply_t reply{AMQP_RESPONSE_SERVER_EXCEPTION, method, 0};
      return tl::unexpected(connection_->failure(text_of(reply)));
    }
  }
  if (!refused.empty())
    return tl::unexpected(connection_->failure(refused));
  return {};
}

done amqp_sink::write(std::span<const letter_ptr> letters) {
  auto good = connect();
  if (!good)
    return good;
  tags outstanding;
  for (const auto& each : letters) {
    good = publish(*each);
    if (!good)
      break;
    outstanding.insert(published_);
  }
  if (good)
    good = await_confirms(std::move(outstanding));
  // Whatever went wrong, what the channel still says belongs to this write;
  // and a queue that is gone is declared again by the next one.
  if (!good)
    connection_.reset();
  return good;
}

void amqp_sink::idle() {
  if (connection_ && !connection_->alive())
    connection_.reset();
}

} // namespace mfo::dead_letters
