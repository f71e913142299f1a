#include "dead_letters/amqp_reader.hpp"

#include "config/units.hpp"
#include "dead_letters/letter_json.hpp"

#include <amqp_framing.h>
#include <fmt/format.h>

namespace mfo::dead_letters {

amqp_reader::~amqp_reader() {
  put_back();
}

/// Ready to get messages, with none held.
done amqp_reader::connect() {
  if (put_back() && connection_)
    return {};
  connection_.reset();
  held_.clear();
  // Without a heartbeat, since a visit may take its time.
  auto made = amqp_connection::open(settings_, std::chrono::seconds{0});
  if (!made)
    return tl::unexpected(std::move(made.error()));
  connection_.emplace(std::move(*made));
  return {};
}

done amqp_reader::put_back() {
  if (!connection_ || held_.empty())
    return {};
  held_.clear();
  connection_->begin();
  const int status = ::amqp_basic_nack(
      connection_->raw(), connection_->channel(), /*all=*/0, /*multiple=*/1,
      /*requeue=*/1);
  if (status != AMQP_STATUS_OK)
    return tl::unexpected(connection_->failure(::amqp_error_string2(status)));
  // Its answer means that they are back.
  if (const auto counted = connection_->count(); !counted)
    return tl::unexpected(counted.error());
  return {};
}

tl::expected<std::optional<amqp_reader::message>, std::string>
amqp_reader::get() {
  connection_->begin();
  const auto left = connection_->remaining();
  ::amqp_set_rpc_timeout(connection_->raw(), &left);
  ::amqp_maybe_release_buffers(connection_->raw());
  const auto reply =
      ::amqp_basic_get(connection_->raw(), connection_->channel(),
                       bytes_of(settings_.queue), /*no_ack=*/0);
  if (reply.reply_type != AMQP_RESPONSE_NORMAL)
    return tl::unexpected(connection_->failure(text_of(reply)));
  if (reply.reply.id != AMQP_BASIC_GET_OK_METHOD)
    return std::optional<message>{};
  message got;
  got.tag = static_cast<const amqp_basic_get_ok_t*>(reply.reply.decoded)
                ->delivery_tag;
  amqp_message_t content{};
  const auto read = ::amqp_read_message(connection_->raw(),
                                        connection_->channel(), &content, 0);
  if (read.reply_type != AMQP_RESPONSE_NORMAL)
    return tl::unexpected(connection_->failure(text_of(read)));
  got.body.assign(static_cast<const char*>(content.body.bytes),
                  content.body.len);
  ::amqp_destroy_message(&content);
  return std::optional{std::move(got)};
}

tl::expected<walk_report, std::string>
amqp_reader::for_each(const visitor& visit) {
  if (auto connected = connect(); !connected)
    return tl::unexpected(std::move(connected.error()));
  walk_report report;
  connection_->begin();
  const auto count = connection_->count();
  if (!count)
    return tl::unexpected(count.error());
  if (!*count) { // and the server has closed the channel for the question
    connection_.reset();
    return report;
  }
  for (std::uint32_t i = 0; i < **count; ++i) {
    auto got = get();
    if (!got)
      return tl::unexpected(std::move(got.error()));
    if (!*got)
      break;
    held_.insert((*got)->tag);
    const auto value = parse_letter((*got)->body);
    if (!value) {
      if (report.unreadable++ == 0)
        report.first_unreadable = fmt::format("message {} of {}: {}", i + 1,
                                              settings_.queue, value.error());
    } else if (visit(std::to_string((*got)->tag), *value) == next::stop) {
      break;
    }
  }
  return report;
}

done amqp_reader::mark_replayed(const std::string& handle) {
  return purge({&handle, 1});
}

done amqp_reader::purge(std::span<const std::string> handles) {
  if (handles.empty())
    return {};
  for (const auto& each : handles) {
    const auto tag = config::parse_integer(each);
    if (!connection_ || !tag || held_.erase(*tag) == 0)
      return tl::unexpected(
          fmt::format("{} names no letter that was just read", each));
    connection_->begin();
    const int status =
        ::amqp_basic_ack(connection_->raw(), connection_->channel(), *tag, 0);
    if (status != AMQP_STATUS_OK)
      return tl::unexpected(connection_->failure(::amqp_error_string2(status)));
  }
  // Acknowledgements are not answered; this is, after them.
  if (const auto counted = connection_->count(); !counted)
    return tl::unexpected(counted.error());
  return {};
}

} // namespace mfo::dead_letters
