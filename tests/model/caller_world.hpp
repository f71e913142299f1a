#pragma once

#include "actors/server_caller.hpp"
#include "tests/actors/caller_fixture.hpp"
#include "tests/model/digest.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::model {

struct caller_plan {
  config::server_settings server;
  std::size_t calls = 3; ///< that come
  // What may be wrong, to see that it is found:
  bool loses_retry_after = false; ///< the caller is not told of one
  bool loses_retries = false;     ///< what is to be tried again never is
};

/// Calls to one server, by the real caller: with its retry policy, budget and
/// gate, as a connector has them. The server is played, and so is the time: it
/// goes on to where something is due.
class caller_world final : public actors::caller_host {
public:
  enum class kind : std::uint8_t {
    call,
    patient_call,
    good,    ///< is the answer to a try
    failed,  ///< likewise
    not_now, ///< likewise
    refused, ///< likewise
    no_way,  ///< to the server: nothing of the try was sent
    go_on,   ///< to when something is due
  };

  struct action {
    kind what;
    std::size_t which = 0; ///< of the tries on the wire
  };

  explicit caller_world(const caller_plan& plan) : plan_(plan) {
    caller_ = std::make_unique<actors::server_caller>(
        actors::caller_deps{
            .server = plan_.server,
            .auth = std::make_unique<actors::tests::scripted_auth>(),
            .report = {.health = std::make_shared<telemetry::upstream_health>(),
                       .status = std::make_shared<telemetry::server_status>(
                           "default", 0),
                       .observer = sinks()}},
        *this);
  }

  [[nodiscard]] std::vector<action> possible() const {
    std::vector<action> all;
    if (calls_.size() < plan_.calls)
      all.insert(all.end(), {{kind::call}, {kind::patient_call}});
    for (std::size_t i = 0; i < on_the_wire_.size(); ++i)
      for (const auto how : {kind::good, kind::failed, kind::not_now,
                             kind::refused, kind::no_way})
        all.push_back({how, i});
    if (next_due())
      all.push_back({kind::go_on});
    return all;
  }

  void apply(const action& what) {
    past_.add(what.what).add(what.which);
    if (what.what == kind::call || what.what == kind::patient_call)
      call(what.what == kind::patient_call);
    else if (what.what == kind::go_on)
      go_on();
    else
      answer(what.which, what.what);
    look_at_calls();
  }

  [[nodiscard]] std::string tell(const action& what) const {
    const auto of = [&] {
      const auto& one = on_the_wire_.at(what.which);
      return "try " + std::to_string(one.number) + " of call " +
             std::to_string(one.call + 1);
    };
    switch (what.what) {
    case kind::call:
      return "a call comes that has 2 s";
    case kind::patient_call:
      return "a call comes that has a minute, and waits";
    case kind::good:
      return of() + " is answered 200";
    case kind::failed:
      return of() + " is answered 500";
    case kind::not_now:
      return of() + " is answered 503 with Retry-After: 2";
    case kind::refused:
      return of() + " is answered 400";
    case kind::no_way:
      return of() + " does not reach the server";
    case kind::go_on:
      break;
    }
    return "it is " +
           std::to_string((*next_due() - now_) / std::chrono::milliseconds{1}) +
           " ms later, and what is due happens";
  }

  [[nodiscard]] std::uint64_t fingerprint() const {
    return past_.value();
  }

  [[nodiscard]] std::optional<std::string> wrong() const {
    return wrong_;
  }

  /// The server is well from now on: each call is answered, and one that has
  /// time is delivered.
  [[nodiscard]] std::optional<std::string> play_out() {
    const auto by = now_ + std::chrono::minutes{1};
    std::vector<actors::tests::probe_ptr> with_time;
    for (const auto& each : calls_)
      if (each.patient && !each.has_ended)
        with_time.push_back(each.probe);
    while (now_ < by && !wrong_ && !all_have_ended()) {
      if (!on_the_wire_.empty())
        answer(0, kind::good);
      else if (next_due())
        go_on();
      else
        complain("a call waits, and nothing is due");
      look_at_calls();
    }
    for (const auto& each : with_time)
      if (!each->outcome || !each->outcome->delivered())
        complain("a call that has time is not delivered, though the server is "
                 "well again");
    return wrong_;
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
    const auto id = request.headers.find("Idempotency-Key").value_or("");
    const auto which = std::stoul(std::string{id}) - 1;
    // A call that comes is tried before it is known here.
    const auto now_known = std::max(calls_.size(), which + 1);
    calls_.resize(now_known);
    auto& of = calls_[which];
    ++of.tries;
    ++(of.tries == 1 ? requests_ : retries_);
    const auto& server = plan_.server;
    if (now_ >= coming_or(of.deadline))
      complain("a try begins when the time of its call is over");
    if (now_ + request.timeout > coming_or(of.deadline))
      complain("a try may last longer than its call");
    if (of.tries > server.retry.max_count)
      complain("a call is tried more often than it may be");
    if (now_ < held_until_)
      complain("a try begins in the time that the server asked for");
    if (!proven_ && std::any_of(on_the_wire_.begin(), on_the_wire_.end(),
                                [this](const a_try& one) {
                                  return one.began >= held_until_;
                                }))
      complain("a second try begins before the first since the server asked "
               "for time has been answered");
    if (on_the_wire_.size() >= server.max_in_flight)
      complain("more tries are on the wire than may be");
    const std::chrono::duration<double> passed = now_ - started_;
    const auto paid =
        server.retry_budget.ratio * requests_ +
        server.retry_budget.min_per_second * (10 + passed.count());
    if (retries_ > std::max(paid, 1.0) + 1e-6)
      complain("there are more retries than the budget pays for");
    on_the_wire_.push_back({.id = number,
                            .call = which,
                            .number = of.tries,
                            .began = now_,
                            .ends = now_ + request.timeout});
  }

  void abort(std::uint64_t) override {}
  void log_in(http::client_request) override {}

  void retry_after(std::chrono::milliseconds delay,
                   std::uint64_t number) override {
    if (!plan_.loses_retries)
      timers_.push_back({now_ + delay, true, number});
  }

  void wake_after(std::chrono::milliseconds delay,
                  std::uint64_t number) override {
    timers_.push_back({now_ + delay, false, number});
  }

private:
  struct made_call {
    actors::tests::probe_ptr probe{};
    steady_time deadline{};
    unsigned tries = 0;
    bool patient = false;
    bool has_ended = false;
  };

  struct a_try {
    std::uint64_t id;
    std::size_t call;
    unsigned number;
    steady_time began;
    steady_time ends; ///< by its time-out
  };

  struct timer {
    steady_time due;
    bool is_retry;
    std::uint64_t number;
  };

  /// What is told to metrics and logs is of no interest here.
  static telemetry::observer sinks() {
    static const auto metrics = std::make_shared<telemetry::metrics>(
        std::vector<std::string>{},
        telemetry::upstream_names{
            {"default"},
            {api::operation_names.begin(), api::operation_names.end()}});
    static const auto log = std::make_shared<telemetry::log>(
        config::log_settings{.level = config::log_level::error},
        [](std::string_view) {});
    return {.metrics = metrics, .log = log, .spans = {}};
  }

  void call(bool patient) {
    const std::chrono::milliseconds lifetime{patient ? 60'000 : 2'000};
    const auto which = calls_.size();
    auto probe = std::make_shared<actors::tests::call_probe>();
    coming_ = now_ + lifetime;
    caller_->accept(std::make_unique<actors::tests::probe_call>(
        std::to_string(which + 1), coming_,
        actors::tests::call_traits{.lifetime = lifetime, .patient = patient},
        probe));
    calls_.resize(which + 1);
    calls_[which].probe = probe;
    calls_[which].deadline = coming_;
    calls_[which].patient = patient;
  }

  steady_time coming_or(steady_time deadline) const {
    return deadline == steady_time{} ? coming_ : deadline;
  }

  void answer(std::size_t which, kind how) {
    const auto ended = on_the_wire_[which];
    on_the_wire_.erase(on_the_wire_.begin() +
                       static_cast<std::ptrdiff_t>(which));
    if (how == kind::not_now) {
      held_until_ = std::max(held_until_, now_ + std::chrono::seconds{2});
      proven_ = false;
    }
    if ((how == kind::good || how == kind::refused) &&
        ended.began >= held_until_)
      proven_ = true;
    caller_->replied(ended.id, result_of(how));
  }

  http::client_result result_of(kind how) const {
    using http::client_errc;
    switch (how) {
    case kind::good:
      return http::client_response{200, {}, "{}"};
    case kind::failed:
      return http::client_response{500, {}, "{}"};
    case kind::refused:
      return http::client_response{400, {}, "{}"};
    case kind::not_now: {
      http::header_list headers;
      if (!plan_.loses_retry_after)
        headers.add("Retry-After", "2");
      return http::client_response{503, std::move(headers), "{}"};
    }
    case kind::no_way:
      return tl::unexpected{http::client_error{
          .code = client_errc::connect_failed, .detail = {}}};
    default:
      return tl::unexpected{http::client_error{
          .code = client_errc::timeout, .detail = {}, .sent = true}};
    }
  }

  std::optional<steady_time> next_due() const {
    std::optional<steady_time> next;
    for (const auto& each : timers_)
      next = std::min(next.value_or(each.due), each.due);
    for (const auto& each : on_the_wire_)
      next = std::min(next.value_or(each.ends), each.ends);
    return next;
  }

  /// Timers first, then tries that time out.
  void go_on() {
    now_ = std::max(now_, *next_due());
    for (bool again = true; std::exchange(again, false);) {
      const auto due =
          std::find_if(timers_.begin(), timers_.end(),
                       [this](const timer& one) { return one.due <= now_; });
      if (due != timers_.end()) {
        again = true;
        const auto what = *due;
        timers_.erase(due);
        if (what.is_retry)
          caller_->retry(what.number);
        else
          caller_->wake(what.number);
        continue;
      }
      for (std::size_t i = 0; i < on_the_wire_.size() && !again; ++i)
        if (on_the_wire_[i].ends <= now_) {
          again = true;
          answer(i, kind::go_on);
        }
    }
  }

  void look_at_calls() {
    for (auto& each : calls_) {
      if (each.has_ended)
        continue;
      if (each.probe->outcome) {
        each.has_ended = true;
        if (now_ > each.deadline)
          complain("a call is answered after its deadline");
      } else if (now_ >= each.deadline) {
        complain("a call is not answered by its deadline");
      }
    }
  }

  bool all_have_ended() const {
    return std::all_of(calls_.begin(), calls_.end(),
                       [](const made_call& each) { return each.has_ended; });
  }

  void complain(std::string what) {
    if (!wrong_)
      wrong_ = std::move(what);
  }

  caller_plan plan_;
  steady_time now_{std::chrono::hours{1}};
  const steady_time started_ = now_;
  steady_time coming_{}; ///< deadline of the call that comes
  std::vector<made_call> calls_;
  std::vector<a_try> on_the_wire_;
  std::vector<timer> timers_;
  steady_time held_until_{};
  bool proven_ = true; ///< since the server has asked for time
  unsigned requests_ = 0;
  unsigned retries_ = 0;
  digest past_;
  std::optional<std::string> wrong_;
  std::unique_ptr<actors::server_caller> caller_;
};

} // namespace mfo::model
