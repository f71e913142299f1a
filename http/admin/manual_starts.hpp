#pragma once

#include "http/admin/io_gate.hpp"
#include "http/answer.hpp"
#include "http/task_control.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace mfo::http {

/// Runs that are started by hand, and callers who wait for them. On the thread
/// of its `io_context`, of which the engine knows nothing.
class manual_starts {
public:
  using milliseconds = std::chrono::milliseconds;
  /// Called once, on the thread of the `io_context`.
  using send_function = std::function<void(answer)>;
  /// Called with what the engine says of a start, once, on that thread; never
  /// where it says nothing.
  using note_function =
      std::function<void(const tl::expected<std::string, start_refusal>&)>;

  /// How long a caller may wait.
  static constexpr std::chrono::minutes longest_wait{10};
  /// How long the engine may take to say whether a run begins.
  static constexpr std::chrono::seconds begin_time{10};

  /// `io` must outlive it.
  manual_starts(boost::asio::io_context& io, task_control control);

  /// What the engine says from now on is for nobody. When `io` has stopped.
  ~manual_starts();

  manual_starts(const manual_starts&) = delete;
  manual_starts& operator=(const manual_starts&) = delete;

  /// Starts a run, and answers 202 with its id as soon as it has begun; with
  /// `wait`, 200 when it has ended, or 202 when it has not by then.
  /// `note` may be empty.
  void start(manual_start what, milliseconds wait, send_function send,
             note_function note = {});

private:
  struct caller {
    send_function send;
    milliseconds wait;
    boost::asio::steady_timer timer;
    std::string run{};            ///< empty: it has not begun
    std::optional<run_end> end{}; ///< it can come first
  };
  using number = std::uint64_t;

  void begun(number of, tl::expected<std::string, start_refusal> result);
  void ended(number of, run_end end);
  void await(number of, milliseconds time);
  void out_of_time(number of);
  void finish(number of, answer with);

  boost::asio::io_context& io_;
  task_control control_;
  std::shared_ptr<io_gate> gate_;
  std::map<number, caller> callers_;
  number next_ = 0;
};

} // namespace mfo::http
