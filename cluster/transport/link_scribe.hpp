#pragma once

#include "cluster/transport/channel.hpp"
#include "cluster/transport/header_filter.hpp"
#include "cluster/transport/inbox.hpp"

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/rw_state.hpp>
#include <caf/io/network/stream_impl.hpp>
#include <caf/io/scribe.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mfo::cluster::wire {

/// What a scribe and the policy in its stream have in common.
class link_state {
public:
  using clock = std::chrono::steady_clock;

  link_state(channel connection, const header_filter& filter);

  /// Of the middleman's thread.
  channel connection;
  header_filter filter;
  clock::time_point heard = clock::now(); ///< the peer, last

  /// Why the link ends: the first cause stays. Any thread.
  void note_end(end_cause cause);
  [[nodiscard]] std::optional<end_cause> end() const;

private:
  mutable std::mutex mutex_;
  std::optional<end_cause> end_;
};

/// How CAF's stream reads and writes a link (see caf/policy/tcp.hpp): through
/// its channel, and nothing that the filter refuses. Of the middleman's thread.
class link_policy {
public:
  using rw_state = caf::io::network::rw_state;
  using native_socket = caf::io::network::native_socket;

  explicit link_policy(std::shared_ptr<link_state> state);

  rw_state read_some(std::size_t& result, native_socket, void* to,
                     std::size_t size);
  rw_state write_some(std::size_t& result, native_socket, const void* from,
                      std::size_t size);
  [[nodiscard]] bool must_read_more(native_socket, std::size_t threshold);

private:
  rw_state judge(io_state state);

  std::shared_ptr<link_state> state_;
};

/// A finished connection, as the middleman takes it. It tells the inbox once
/// when it is no longer CAF's, and closes its socket when nobody holds it.
///
/// Its handle is a number of its own and not its socket's, as of CAF's own: a
/// socket's number is used again while CAF still tidies up after the last one.
class link_scribe final : public caf::io::scribe {
public:
  link_scribe(caf::io::network::default_multiplexer& multiplexer, link_id link,
              channel connection, const header_filter& filter,
              std::shared_ptr<inbox> told, std::size_t max_unsent);

  /// Ends the link. Any thread.
  void end(end_cause cause);

  /// As wire::round_trip. Any thread.
  [[nodiscard]] std::optional<std::chrono::microseconds>
  round_trip() const noexcept {
    return wire::round_trip(socket_);
  }

  void configure_read(caf::io::receive_policy::config config) override;
  void ack_writes(bool enable) override;
  std::vector<char>& wr_buf() override;
  std::vector<char>& rd_buf() override;
  /// CAF wants it closed: at once, as a peer that hangs would never have read
  /// the rest.
  void graceful_shutdown() override;
  void flush() override;
  std::string addr() const override;
  std::uint16_t port() const override;
  void add_to_loop() override;
  void remove_from_loop() override;

protected:
  void detach_from(caf::io::abstract_broker* broker) override;

private:
  void launch();

  link_id link_;
  std::shared_ptr<link_state> state_;
  std::shared_ptr<inbox> told_;
  std::size_t max_unsent_;
  bool launched_ = false;
  int socket_;
  caf::io::network::stream_impl<link_policy> stream_; ///< owns the socket
};

using link_scribe_ptr = caf::intrusive_ptr<link_scribe>;

} // namespace mfo::cluster::wire
