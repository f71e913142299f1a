#pragma once

#include "actors/call_report.hpp"
#include "actors/server_call.hpp"
#include "actors/try_judgement.hpp"
#include "actors/waiting_calls.hpp"
#include "api/auth_provider.hpp"
#include "config/server_settings.hpp"
#include "core/call_gate.hpp"
#include "core/retry.hpp"
#include "core/retry_budget.hpp"
#include "http/client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mfo::actors {

/// What a server_caller needs done. Each is answered by the member of the
/// caller that it names, later and on the same thread.
class caller_host {
public:
  using steady_time = std::chrono::steady_clock::time_point;
  using wall_time = std::chrono::system_clock::time_point;

  [[nodiscard]] virtual steady_time now() = 0;
  [[nodiscard]] virtual wall_time wall_now() = 0;

  /// Random in [0, 1).
  [[nodiscard]] virtual double uniform() = 0;

  /// Sends to the server; then `replied(number, …)`.
  virtual void send(http::client_request request, std::uint64_t number) = 0;

  /// Nobody waits for the reply to what was sent: it may be ended. Then
  /// `replied(number, …)` all the same.
  virtual void abort(std::uint64_t number) = 0;

  /// Sends to where logins go; then `logged_in(…)`.
  virtual void log_in(http::client_request request) = 0;

  /// After the delay, `retry(number)`.
  virtual void retry_after(std::chrono::milliseconds delay,
                           std::uint64_t number) = 0;

  /// After the delay, `wake(number)`.
  virtual void wake_after(std::chrono::milliseconds delay,
                          std::uint64_t number) = 0;

protected:
  ~caller_host() = default;
};

struct caller_deps {
  config::server_settings server;
  std::unique_ptr<api::auth_provider> auth;
  report_targets report;
};

/// Carries out calls to one server: every rule of docs/reference/delivery.md in
/// one place. A call waits here for its turn, is tried, waits for the next try,
/// and is answered by its deadline. The one with the least time left has
/// the first turn; but where
/// the gate asks for a probe, it is the call with the most time left, so that
/// its try says something of the server.
///
/// Not thread-safe: it has one owner, which is also its host. What it holds is
/// bounded by max_in_flight and max_waiting, together and by weight; beyond
/// that a call is answered `saturated` at once.
class server_caller {
public:
  server_caller(caller_deps deps, caller_host& host);
  server_caller(const server_caller&) = delete;
  server_caller& operator=(const server_caller&) = delete;
  ~server_caller();

  /// Takes a call over.
  void accept(std::unique_ptr<server_call> call);

  /// Answers the call of this id, if it holds one: nobody waits for it any
  /// more. What is on the wire is ended, may have arrived there, and is not
  /// tried again.
  void cancel(std::string_view id);

  /// Answers every call that it holds, and each that comes: the node stops.
  /// What is on the wire may yet arrive there.
  void abandon();

  // What the host was asked for has happened.
  void replied(std::uint64_t number, const http::client_result& result);
  void logged_in(const http::client_result& result);
  void retry(std::uint64_t number);
  void wake(std::uint64_t number);

private:
  enum class place : std::uint8_t { on_the_wire, ready, backing_off };

  /// A call, and where it stands.
  struct entry {
    std::unique_ptr<server_call> call;
    waiting_place line{};   ///< in the line of `where`
    std::size_t weight = 1; ///< as counted in `held_`
    place where = place::on_the_wire;
    bool login_tried = false; ///< because of a 401
    bool unpaid = false;      ///< the next try waits for the retry budget
    bool unwanted = false;    ///< answered already, but on the wire
    unsigned tries = 0;
    std::chrono::milliseconds fair_time{}; ///< see fair_time_of
    std::chrono::milliseconds given{};     ///< to the last try
    caller_host::steady_time first_try{};
    caller_host::steady_time try_began{};
    std::uint64_t generation = 0; ///< of the credentials of the last try
    std::uint64_t span = 0; ///< of the last try; 0: nobody wants to see it
    core::circuit_breaker::ticket ticket{};
    std::optional<core::outcome> last{}; ///< of the tries so far
  };

  using call_map = std::unordered_map<std::uint64_t, entry>;

  entry& new_entry(std::uint64_t number);
  void keep(call_map::node_type node);
  void refuse(server_call& call, core::outcome outcome);
  void pump(caller_host::steady_time now);
  void put(entry& it, place where);
  waiting_calls* line_of(place where);
  bool begin_next(caller_host::steady_time now);
  void begin_try(std::uint64_t number, entry& it,
                 const core::circuit_breaker::ticket& ticket,
                 api::auth_provider::credentials_set credentials);
  [[nodiscard]] std::uint64_t new_span(const server_call& call);
  std::optional<api::auth_provider::credentials_set>
  credentials(caller_host::steady_time now);
  void end_try(std::uint64_t number, entry& it, try_judgement verdict,
               const http::client_response* reply);
  bool try_with_new_login(entry& it);
  void settle(entry& it, try_judgement& verdict,
              const http::client_response& reply);
  bool plan_retry(std::uint64_t number, entry& it,
                  const try_judgement& verdict);
  bool pay_for_retry(entry& it, std::chrono::milliseconds& delay);
  void finish(std::uint64_t number, core::outcome outcome,
              const http::client_response* reply = nullptr);

  void end_overdue(caller_host::steady_time now);
  void end_hopeless(caller_host::steady_time when,
                    caller_host::steady_time now);
  void end_impatient(std::chrono::milliseconds left);
  void end_without_login(std::chrono::milliseconds left);
  template <class Make>
  void end_due(caller_host::steady_time when, Make made);
  template <class Make>
  void end_all_impatient(Make made);
  void wake_for_deadlines(caller_host::steady_time now);
  void wake_at(caller_host::steady_time when, caller_host::steady_time now);

  config::server_settings server_;
  std::unique_ptr<api::auth_provider> auth_;
  call_report report_;
  caller_host& host_;
  core::retry_policy policy_;
  core::retry_budget budget_;
  core::call_gate gate_;
  call_map calls_;
  std::vector<call_map::node_type> spare_; ///< of calls that have ended
  bool abandoned_ = false;
  std::size_t held_ = 0;      ///< weight of `calls_`
  waiting_calls ready_;       ///< for their turn
  waiting_calls backing_off_; ///< for the time of their next try
  std::uint64_t last_number_ = 0;
  api::login_turn login_;
  std::string last_failure_;  ///< of a try
  std::string login_failure_; ///< of the last login; empty: it succeeded
  std::optional<caller_host::steady_time> wakes_at_;
  std::uint64_t last_wake_ = 0; ///< earlier ones are of no more interest
};

} // namespace mfo::actors
