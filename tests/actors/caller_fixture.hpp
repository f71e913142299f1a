#pragma once

#include "actors/server_caller.hpp"
#include "api/operation.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A server_caller whose time passes when the test says so, and whose replies
/// the test gives.
namespace mfo::actors::tests {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// What has become of a call.
struct call_probe {
  std::optional<core::outcome> outcome;
  int reply_status = 0;
};

using probe_ptr = std::shared_ptr<call_probe>;

struct call_traits {
  milliseconds lifetime = 10s;
  bool patient = false;
  bool repeatable = true;
  bool answered_in_part = false;
  std::size_t weight = 1;
  std::string traceparent = "trace";
  std::string tracestate{};
  /// What each 2xx leaves of it.
  std::deque<std::optional<core::outcome>> left{};
};

class probe_call final : public server_call {
public:
  probe_call(std::string id, time_point deadline, call_traits how,
             probe_ptr probe)
    : id_(std::move(id)), deadline_(deadline), how_(std::move(how)),
      probe_(std::move(probe)) {}

  http::client_request request() const override {
    http::client_request request;
    request.target = "/api/events?token=secret";
    return request;
  }

  api::operation operation() const noexcept override {
    return api::operation::event;
  }

  std::string_view id() const noexcept override {
    return id_;
  }

  std::string_view traceparent() const noexcept override {
    return how_.traceparent;
  }

  std::string_view tracestate() const noexcept override {
    return how_.tracestate;
  }

  time_point deadline() const noexcept override {
    return deadline_;
  }

  bool patient() const noexcept override {
    return how_.patient;
  }

  bool repeatable() const noexcept override {
    return how_.repeatable;
  }

  bool answered_in_part() const noexcept override {
    return how_.answered_in_part;
  }

  std::size_t weight() const noexcept override {
    return how_.weight;
  }

  std::optional<core::outcome> settle(const http::client_response&,
                                      unsigned) override {
    if (how_.left.empty())
      return std::nullopt;
    auto next = std::move(how_.left.front());
    how_.left.pop_front();
    if (next)
      how_.weight = 1;
    return next;
  }

  void finish(core::outcome result,
              const http::client_response* reply) override {
    EXPECT_FALSE(probe_->outcome) << "finished twice";
    probe_->outcome = std::move(result);
    probe_->reply_status = reply != nullptr ? reply->status : 0;
  }

private:
  std::string id_;
  time_point deadline_;
  call_traits how_;
  probe_ptr probe_;
};

/// A provider that logs in once, and whose tokens the test can spoil.
class scripted_auth final : public api::auth_provider {
public:
  std::optional<credentials_set> credentials(time) override {
    if (!good)
      return std::nullopt;
    return credentials_set{{{"Authorization", "token " + token}}, generation};
  }

  http::client_request login_request() override {
    ++logins;
    return {};
  }

  tl::expected<void, std::string> logged_in(const http::client_result& result,
                                            time now) override {
    if (!result || result->status != 200) {
      not_before = now + 5s;
      return tl::unexpected<std::string>{"wrong password"};
    }
    good = true;
    ++generation;
    token = std::to_string(generation);
    return {};
  }

  time login_not_before() const override {
    return not_before;
  }

  bool refused(std::uint64_t of, time) override {
    if (of == generation)
      good = false;
    return true;
  }

  bool good = true;
  std::string token = "0";
  std::uint64_t generation = 0;
  int logins = 0;
  time not_before = time::min();
};

class caller_fixture : public ::testing::Test, public caller_host {
protected:
  using clock = std::chrono::steady_clock;

  caller_fixture() {
    server_.url = "http://mfo.example.com";
    server_.max_in_flight = 2;
    server_.max_waiting = 3;
    server_.retry.delay = 100ms;
    server_.retry.jitter = config::jitter_mode::none;
    server_.breaker.open_for = 10s;
    auto auth = std::make_unique<scripted_auth>();
    auth_ = auth.get();
    provider_ = std::move(auth);
  }

  /// Call it after the settings are as they should be.
  void start() {
    caller_ = std::make_unique<server_caller>(
        caller_deps{.server = server_,
                    .auth = std::move(provider_),
                    .report = {.health = health_,
                               .status = status_,
                               .observer = {.metrics = metrics_,
                                            .log = log_,
                                            .spans = spans_}}},
        *this);
  }

  probe_ptr call(call_traits how = {}) {
    auto probe = std::make_shared<call_probe>();
    caller_->accept(std::make_unique<probe_call>(
        "call-" + std::to_string(++calls_), now() + how.lifetime, how, probe));
    return probe;
  }

  /// Answers the oldest call on the wire.
  void reply(http::client_result result) {
    ASSERT_FALSE(wire_.empty()) << "nothing is on the wire";
    const auto number = wire_.front().first;
    wire_.pop_front();
    caller_->replied(number, result);
  }

  void reply(int status, http::header_list headers = {}) {
    reply(http::client_response{status, std::move(headers), "{}"});
  }

  void fail(http::client_errc code, bool sent = true) {
    reply(tl::unexpected{
        http::client_error{.code = code, .detail = "said so", .sent = sent}});
  }

  void answer_login(int status) {
    --logins_under_way_;
    caller_->logged_in(http::client_response{status, {}, "{}"});
  }

  /// Lets time pass, timer by timer.
  void pass(milliseconds time) {
    const auto end = now_ + time;
    while (!timers_.empty() && timers_.begin()->first <= end) {
      now_ = timers_.begin()->first;
      const auto due = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      due();
    }
    now_ = end;
  }

  /// Opens the circuit with failures of calls of this kind.
  void open_circuit(call_traits how = {}) {
    for (unsigned i = 0; i < server_.breaker.consecutive_failures; ++i) {
      call(how);
      reply(500);
    }
    ASSERT_EQ(status_->circuit.load(), core::breaker_state::open);
  }

  // The host.
  steady_time now() override {
    return now_;
  }

  wall_time wall_now() override {
    return wall_time{now_.time_since_epoch()};
  }

  double uniform() override {
    return 0;
  }

  void send(http::client_request request, std::uint64_t number) override {
    started_.push_back(now_);
    wire_.emplace_back(number, std::move(request));
  }

  void abort(std::uint64_t number) override {
    aborted_.push_back(number);
  }

  void log_in(http::client_request) override {
    ++logins_under_way_;
  }

  void retry_after(milliseconds delay, std::uint64_t number) override {
    timers_.emplace(now_ + delay, [this, number] { caller_->retry(number); });
  }

  void wake_after(milliseconds delay, std::uint64_t number) override {
    timers_.emplace(now_ + delay, [this, number] { caller_->wake(number); });
  }

  config::server_settings server_;
  std::unique_ptr<api::auth_provider> provider_;
  scripted_auth* auth_ = nullptr;
  std::vector<std::string> lines_;
  std::shared_ptr<telemetry::upstream_health> health_ =
      std::make_shared<telemetry::upstream_health>();
  telemetry::server_status_ptr status_ =
      std::make_shared<telemetry::server_status>("default", 0);
  std::shared_ptr<telemetry::metrics> metrics_ =
      std::make_shared<telemetry::metrics>(
          std::vector<std::string>{},
          telemetry::upstream_names{
              {"default"},
              {api::operation_names.begin(), api::operation_names.end()}});
  std::shared_ptr<telemetry::log> log_ = std::make_shared<telemetry::log>(
      config::log_settings{.level = config::log_level::debug},
      [this](std::string_view line) { lines_.emplace_back(line); });
  std::shared_ptr<telemetry::span_sink> spans_; ///< set before `start`
  std::unique_ptr<server_caller> caller_;
  clock::time_point now_{1h};
  std::vector<std::uint64_t> aborted_;
  std::deque<std::pair<std::uint64_t, http::client_request>> wire_;
  std::vector<clock::time_point> started_; ///< when each try began
  std::multimap<clock::time_point, std::function<void()>> timers_;
  int logins_under_way_ = 0;
  int calls_ = 0;
};

} // namespace mfo::actors::tests
