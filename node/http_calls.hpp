#pragma once

#include "config/http_call_settings.hpp"
#include "http/client_config.hpp"
#include "outbound/http_caller.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <thread>

namespace mfo::node {

/// The caller of other HTTP servers, on an I/O context and a thread of its own:
/// a stranger's slow name server or large reply keeps nothing else waiting.
class http_calls {
public:
  /// The error, a line, is about the CA file. `look_up` as make_http_caller.
  static tl::expected<std::unique_ptr<http_calls>, std::string>
  open(const config::http_call_settings& settings,
       http::name_lookup look_up = {});

  /// For a caller that needs neither.
  static std::unique_ptr<http_calls>
  with(std::shared_ptr<outbound::http_caller> caller);

  /// Stops; waits for a name that is being looked up, which nothing can end.
  ~http_calls();
  http_calls(const http_calls&) = delete;
  http_calls& operator=(const http_calls&) = delete;

  /// May outlive this; who calls by it then is let go when it goes, too.
  [[nodiscard]] const std::shared_ptr<outbound::http_caller>&
  caller() const noexcept {
    return caller_;
  }

  /// Ends the calls: each is answered, `closed`, before this returns, within
  /// about a second, and afterwards there is no thread to answer on.
  /// Idempotent; not on the thread of the calls.
  void stop();

private:
  http_calls() = default;

  /// Owned by `caller_` too, whose strands are of it.
  std::shared_ptr<boost::asio::io_context> io_ =
      std::make_shared<boost::asio::io_context>(1);
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{io_->get_executor()};
  std::shared_ptr<outbound::http_caller> caller_;
  std::thread thread_;
};

} // namespace mfo::node
