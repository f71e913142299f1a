#include "dead_letters/amqp_connection.hpp"

#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

namespace mfo::dead_letters {

namespace {

/// Bytes of a frame, as RabbitMQ proposes them itself.
constexpr int frame_max = 131'072;

std::string_view view_of(const amqp_bytes_t& bytes) {
  return {static_cast<const char*>(bytes.bytes), bytes.len};
}

timeval to_timeval(std::chrono::microseconds value) {
  return {static_cast<time_t>(value.count() / 1'000'000),
          static_cast<suseconds_t>(value.count() % 1'000'000)};
}

bool is_good(const amqp_rpc_reply_t& reply) {
  return reply.reply_type == AMQP_RESPONSE_NORMAL;
}

/// The reply code (AMQP 0-9-1, section 1.2) with which the server closed the
/// channel; 0: it did not.
std::uint16_t channel_error(const amqp_rpc_reply_t& reply) {
  if (reply.reply_type != AMQP_RESPONSE_SERVER_EXCEPTION ||
      reply.reply.id != AMQP_CHANNEL_CLOSE_METHOD)
    return 0;
  return static_cast<const amqp_channel_close_t*>(reply.reply.decoded)
      ->reply_code;
}

/// librabbitmq waits without an end until the socket takes what is published,
/// which a broker that is short of memory does not; the kernel then ends the
/// connection (tcp(7)).
void limit_unsent(int socket, std::chrono::milliseconds timeout) {
  const auto value = static_cast<unsigned>(timeout.count());
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
}

} // namespace

std::string text_of(const amqp_rpc_reply_t& reply) {
  if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION)
    return ::amqp_error_string2(reply.library_error);
  if (reply.reply_type != AMQP_RESPONSE_SERVER_EXCEPTION)
    return "the server gave no answer";
  if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD)
    return std::string{
        view_of(static_cast<const amqp_connection_close_t*>(reply.reply.decoded)
                    ->reply_text)};
  if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD)
    return std::string{
        view_of(static_cast<const amqp_channel_close_t*>(reply.reply.decoded)
                    ->reply_text)};
  return "an answer that was not asked for";
}

amqp_bytes_t bytes_of(std::string_view text) noexcept {
  // The library takes bytes that it only reads as if it wrote them.
  return {text.size(), const_cast<char*>(text.data())};
}

void amqp_connection::closer::operator()(
    amqp_connection_state_t_* state) const noexcept {
  const timeval second{1, 0};
  ::amqp_set_rpc_timeout(state, &second);
  if (::amqp_get_sockfd(state) >= 0)
    ::amqp_connection_close(state, AMQP_REPLY_SUCCESS);
  ::amqp_destroy_connection(state);
}

amqp_connection::amqp_connection(const amqp_settings& settings)
  : settings_(&settings), state_(::amqp_new_connection()) {
  begin();
}

void amqp_connection::begin() {
  deadline_ = clock::now() + settings_->timeout;
}

timeval amqp_connection::remaining() const {
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
      deadline_ - clock::now());
  // Zero would mean not to wait, or to wait for ever.
  return to_timeval(std::max(left, std::chrono::microseconds{1000}));
}

void amqp_connection::limit() {
  const auto left = remaining();
  ::amqp_set_rpc_timeout(raw(), &left);
}

std::string amqp_connection::failure(std::string_view what) const {
  return fmt::format("amqp at {}: {}", settings_->server.address(), what);
}

tl::expected<amqp_connection, std::string>
amqp_connection::open(const amqp_settings& settings,
                      std::chrono::seconds heartbeat) {
  amqp_connection made{settings};
  auto connected = made.connect(heartbeat);
  if (connected)
    connected = made.open_channel();
  if (!connected)
    return tl::unexpected(std::move(connected.error()));
  return made;
}

done amqp_connection::connect(std::chrono::seconds heartbeat) {
  auto* socket = state_ ? ::amqp_tcp_socket_new(raw()) : nullptr;
  if (socket == nullptr)
    return tl::unexpected(failure("no memory"));
  const auto& server = settings_->server;
  auto left = remaining();
  const int opened = ::amqp_socket_open_noblock(socket, server.host.c_str(),
                                                server.port, &left);
  if (opened != AMQP_STATUS_OK)
    return tl::unexpected(failure(::amqp_error_string2(opened)));
  limit_unsent(::amqp_get_sockfd(raw()), settings_->timeout);
  left = remaining();
  ::amqp_set_handshake_timeout(raw(), &left);
  limit();
  const auto* host = server.path.empty() ? "/" : server.path.c_str();
  const auto logged_in = ::amqp_login(
      raw(), host, 0, frame_max, static_cast<int>(heartbeat.count()),
      AMQP_SASL_METHOD_PLAIN, server.user.c_str(), server.password.c_str());
  if (!is_good(logged_in))
    return tl::unexpected(failure(text_of(logged_in)));
  return {};
}

/// A channel that the server has closed keeps its number until both sides have
/// said so; the next number is free at once.
done amqp_connection::open_channel() {
  limit();
  ::amqp_channel_open(raw(), ++channel_);
  if (const auto reply = ::amqp_get_rpc_reply(raw()); !is_good(reply))
    return tl::unexpected(failure(text_of(reply)));
  return {};
}

done amqp_connection::declare_queue() {
  limit();
  ::amqp_queue_declare(raw(), channel_, bytes_of(settings_->queue), 0, 1, 0, 0,
                       ::amqp_empty_table);
  const auto reply = ::amqp_get_rpc_reply(raw());
  if (is_good(reply))
    return {};
  const auto why = text_of(reply);
  const auto code = channel_error(reply);
  const bool other_arguments = code == AMQP_PRECONDITION_FAILED &&
                               why.find("'durable'") == std::string::npos;
  if (!other_arguments && code != AMQP_ACCESS_REFUSED)
    return tl::unexpected(failure(why));
  if (auto opened = open_channel(); !opened)
    return opened;
  const auto found = count();
  if (!found)
    return tl::unexpected(found.error());
  if (!*found)
    return tl::unexpected(failure(why));
  return {};
}

tl::expected<std::optional<std::uint32_t>, std::string>
amqp_connection::count() {
  limit();
  const auto* found =
      ::amqp_queue_declare(raw(), channel_, bytes_of(settings_->queue), 1, 0, 0,
                           0, ::amqp_empty_table);
  const auto reply = ::amqp_get_rpc_reply(raw());
  if (channel_error(reply) == AMQP_NOT_FOUND)
    return std::optional<std::uint32_t>{};
  if (found == nullptr || !is_good(reply))
    return tl::unexpected(failure(text_of(reply)));
  return std::optional{found->message_count};
}

done amqp_connection::select_confirms() {
  limit();
  ::amqp_confirm_select(raw(), channel_);
  if (const auto reply = ::amqp_get_rpc_reply(raw()); !is_good(reply))
    return tl::unexpected(failure(text_of(reply)));
  return {};
}

bool amqp_connection::alive() noexcept {
  for (;;) {
    const timeval none{0, 0};
    amqp_frame_t frame{};
    ::amqp_maybe_release_buffers(raw());
    const int status = ::amqp_simple_wait_frame_noblock(raw(), &frame, &none);
    if (status == AMQP_STATUS_TIMEOUT)
      return true;
    if (status != AMQP_STATUS_OK)
      return false;
    if (frame.frame_type == AMQP_FRAME_METHOD &&
        (frame.payload.method.id == AMQP_CONNECTION_CLOSE_METHOD ||
         frame.payload.method.id == AMQP_CHANNEL_CLOSE_METHOD))
      return false;
  }
}

} // namespace mfo::dead_letters
