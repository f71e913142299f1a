#pragma once

#include "http/admin/io_gate.hpp"
#include "http/admin/manual_starts.hpp"
#include "http/admin/request.hpp"
#include "http/admin/routes.hpp"
#include "http/answer.hpp"
#include "http/letter_control.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace mfo::http {

/// Dead letters: what docs/reference/admin.md says of them. On the admin
/// thread. Who may ask, and by which method, has been seen to.
class letter_routes {
public:
  /// Of one replay.
  static constexpr std::size_t most_events = 1'000;

  struct patience {
    std::chrono::milliseconds list{std::chrono::seconds{20}};
    std::chrono::milliseconds replay{std::chrono::minutes{3}};
  };

  /// `io` must outlive it. Says in the log who replays what.
  letter_routes(boost::asio::io_context& io, letter_control control,
                std::shared_ptr<telemetry::log> log, patience longest);
  ~letter_routes();
  letter_routes(const letter_routes&) = delete;
  letter_routes& operator=(const letter_routes&) = delete;

  /// `at` is one of its paths. Nothing: `later` is given the answer, once, on
  /// this thread.
  [[nodiscard]] std::optional<answer>
  handle(const admin_request& request, const admin_target& at,
         manual_starts::send_function later);

private:
  struct caller {
    manual_starts::send_function send;
    boost::asio::steady_timer timer;
  };
  using number = std::uint64_t;

  [[nodiscard]] std::optional<answer> list(const admin_request& request,
                                           manual_starts::send_function later);
  [[nodiscard]] std::optional<answer>
  replay(const admin_request& request, manual_starts::send_function later);
  [[nodiscard]] letter_control::done_function
  expect(manual_starts::send_function later, std::chrono::milliseconds longest);
  void finish(number of, answer with);

  boost::asio::io_context& io_;
  letter_control control_;
  std::shared_ptr<telemetry::log> log_;
  const patience longest_;
  std::shared_ptr<io_gate> gate_;
  std::map<number, caller> callers_;
  number next_ = 0;
};

} // namespace mfo::http
