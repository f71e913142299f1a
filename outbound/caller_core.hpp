#pragma once

#include "config/http_call_settings.hpp"
#include "http/client.hpp"
#include "http/client_config.hpp"
#include "outbound/client_shelf.hpp"
#include "outbound/http_caller.hpp"
#include "outbound/pending_call.hpp"
#include "outbound/reach_rules.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace mfo::outbound {

/// What a caller is behind its handle; operations under way keep it.
///
/// Threads: `send`, `cancel`, `close` and `stats` from any; all else runs on
/// the strand.
class caller_core final : public std::enable_shared_from_this<caller_core> {
public:
  /// `trust` null: the system's, once somebody is called by TLS.
  caller_core(boost::asio::io_context& io,
              const config::http_call_settings& settings,
              http::trust_store trust, http::name_lookup look_up);

  call_handle send(taskflow::http_request_call call,
                   http_caller::time_point deadline, call_callback done);
  void close();
  [[nodiscard]] caller_stats stats() const noexcept;

private:
  using call_ptr = std::shared_ptr<pending_call>;

  /// Fills in what is to be sent, or says why nothing is. Any thread.
  std::optional<taskflow::call_failure>
  prepare(pending_call& next, taskflow::http_request_call call) const;

  tl::expected<std::shared_ptr<http::client>, std::string>
  make_client(const http::origin& server);

  void admit(const call_ptr& next);
  void wait(const call_ptr& next);
  void start(const call_ptr& next);
  void finish(const call_ptr& call, http::client_result result);
  void give_up(const call_ptr& which);
  bool leave_queue(const call_ptr& which);
  void shut_down();
  void publish() noexcept;

  boost::asio::io_context& io_;
  const config::http_call_settings settings_;
  const reach_rules rules_;
  const http::name_lookup look_up_;
  std::atomic<std::size_t> in_flight_count_{0};
  std::atomic<std::size_t> waiting_count_{0};
  std::atomic<std::size_t> hosts_count_{0};

  // The strand's.
  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  http::trust_store trust_;
  client_shelf shelf_;
  std::deque<call_ptr> waiting_;              ///< in order of arrival
  std::map<std::uint64_t, call_ptr> running_; ///< by their tickets
  std::uint64_t last_ticket_ = 0;
  bool closed_ = false;
};

} // namespace mfo::outbound
