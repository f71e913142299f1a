#include "cluster/transport/link_scribe.hpp"

#include <caf/config.hpp>
#include <caf/io/basp/header.hpp>
#include <caf/io/basp/version.hpp>
#include <caf/io/basp_broker.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <string_view>
#include <utility>

// What this folder knows of CAF's insides is what 0.17.6 has.
static_assert(CAF_VERSION == 1706);

namespace mfo::cluster::wire {

namespace {

using caf::io::basp::message_type;

constexpr bool is_operation(std::uint8_t ours, message_type theirs) {
  return ours == static_cast<std::uint8_t>(theirs);
}

static_assert(is_operation(basp::server_handshake,
                           message_type::server_handshake));
static_assert(is_operation(basp::client_handshake,
                           message_type::client_handshake));
static_assert(is_operation(basp::direct_message, message_type::direct_message));
static_assert(is_operation(basp::routed_message, message_type::routed_message));
static_assert(is_operation(basp::monitor_message,
                           message_type::monitor_message));
static_assert(is_operation(basp::down_message, message_type::down_message));
static_assert(is_operation(basp::heartbeat, message_type::heartbeat));
static_assert(basp::named_receiver ==
              caf::io::basp::header::named_receiver_flag);
static_assert(basp::select_connection ==
              caf::io::basp::header::select_connection_flag);
static_assert(basp::version == caf::io::basp::version);
static_assert(basp_header::size == caf::io::basp::header_size);

/// Above the numbers of sockets, which CAF uses for its own.
constexpr std::int64_t first_handle = std::int64_t{1} << 32;

/// Bytes in one go: other links have the same thread, and a peer may read as
/// fast as is written.
constexpr std::size_t most_written = std::size_t{256} << 10;

} // namespace

link_state::link_state(channel link, const header_filter& rules)
  : connection(std::move(link)), filter(rules) {}

void link_state::note_end(end_cause cause) {
  const std::lock_guard lock{mutex_};
  if (!end_)
    end_ = std::move(cause);
}

std::optional<end_cause> link_state::end() const {
  const std::lock_guard lock{mutex_};
  return end_;
}

link_policy::link_policy(std::shared_ptr<link_state> state)
  : state_(std::move(state)) {}

link_policy::rw_state link_policy::read_some(std::size_t& result, native_socket,
                                             void* to, std::size_t size) {
  result = 0;
  const bool seen = state_->connection.early() > 0; // by the filter
  auto* bytes = static_cast<char*>(to);
  const auto got = state_->connection.read(bytes, size);
  if (got.state != io_state::done)
    return judge(got.state);
  if (!seen)
    if (auto cause = state_->filter.feed({bytes, got.bytes})) {
      state_->note_end(*std::move(cause));
      return rw_state::failure;
    }
  state_->heard = link_state::clock::now();
  result = got.bytes;
  return rw_state::success;
}

link_policy::rw_state link_policy::write_some(std::size_t& result,
                                              native_socket, const void* from,
                                              std::size_t size) {
  result = 0;
  if (size == 0)
    return rw_state::indeterminate;
  // A record of TLS holds 16 KiB, and CAF polls all sockets before each next
  // one.
  while (result < size && result < most_written) {
    const auto sent = state_->connection.write(
        static_cast<const char*>(from) + result, size - result);
    if (sent.state != io_state::done)
      return judge(sent.state);
    result += sent.bytes;
  }
  return rw_state::success;
}

bool link_policy::must_read_more(native_socket, std::size_t threshold) {
  return state_->connection.pending() >= threshold;
}

link_policy::rw_state link_policy::judge(io_state state) {
  // For CAF success with no bytes is "not now".
  if (state == io_state::wants_read || state == io_state::wants_write)
    return rw_state::success;
  state_->note_end(state_->connection.failure());
  return rw_state::failure;
}

link_scribe::link_scribe(caf::io::network::default_multiplexer& multiplexer,
                         link_id link, channel connection,
                         const header_filter& filter,
                         std::shared_ptr<inbox> told, std::size_t max_unsent)
  : caf::io::scribe(caf::io::connection_handle::from_int(
        first_handle + static_cast<std::int64_t>(link))),
    link_(link),
    state_(std::make_shared<link_state>(std::move(connection), filter)),
    told_(std::move(told)), max_unsent_(max_unsent),
    socket_(state_->connection.release_socket()),
    stream_(multiplexer, socket_, state_) {
  set_link_options(socket_);
}

void link_scribe::end(end_cause cause) {
  state_->note_end(std::move(cause));
  // The middleman finds out by reading, in its own thread.
  ::shutdown(socket_, SHUT_RDWR);
}

void link_scribe::configure_read(caf::io::receive_policy::config config) {
  stream_.configure_read(config);
  if (!std::exchange(launched_, true))
    launch();
}

void link_scribe::launch() {
  stream_.start(this);
  // For a dial CAF 0.17.6 leaves the time blank when the peer was last heard,
  // and the next tick of its heartbeat would close the link.
  if (auto* broker = dynamic_cast<caf::io::basp_broker*>(parent()))
    broker->set_context(hdl());
  // Bytes that were read ahead raise no event.
  stream_.backend().post([self = link_scribe_ptr{this}] {
    if (!self->detached())
      self->stream_.handle_event(caf::io::network::operation::read);
  });
}

void link_scribe::ack_writes(bool enable) {
  stream_.ack_writes(enable);
}

std::vector<char>& link_scribe::wr_buf() {
  return stream_.wr_buf();
}

std::vector<char>& link_scribe::rd_buf() {
  return stream_.rd_buf();
}

void link_scribe::graceful_shutdown() {
  const auto quiet = std::chrono::duration_cast<std::chrono::milliseconds>(
      link_state::clock::now() - state_->heard);
  state_->note_end(
      {end_reason::given_up,
       fmt::format("CAF has given it up; the peer was heard {} ms ago",
                   quiet.count())});
  state_->connection.say_goodbye();
  ::shutdown(socket_, SHUT_RDWR);
  detach(&stream_.backend(), false);
}

void link_scribe::flush() {
  if (wr_buf().size() > max_unsent_)
    end({end_reason::slow_reader,
         fmt::format("{} bytes wait for the peer to read them",
                     wr_buf().size())});
  stream_.flush(this);
}

std::string link_scribe::addr() const {
  return {};
}

std::uint16_t link_scribe::port() const {
  return 0;
}

void link_scribe::add_to_loop() {
  stream_.activate(this);
}

void link_scribe::remove_from_loop() {
  stream_.passivate();
}

void link_scribe::detach_from(caf::io::abstract_broker* broker) {
  caf::io::scribe::detach_from(broker);
  ::shutdown(socket_, SHUT_RDWR);
  told_->push(
      closed_note{link_, state_->end().value_or(end_cause{
                             end_reason::broken, "the socket has failed"})});
}

} // namespace mfo::cluster::wire
