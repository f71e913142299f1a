#include "actors/subscriptions.hpp"

#include "actors/connector_calls.hpp"
#include "api/notifications.hpp"
#include "core/event_id.hpp"
#include "core/trace_context.hpp"

#include <string>
#include <utility>

namespace mfo::actors {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// From the host's numbers, so that a test knows what comes.
std::mt19937_64 engine(caller_host& host) {
  constexpr double bits = 9007199254740992.0; // 2^53, all that a double has
  return std::mt19937_64{static_cast<std::uint64_t>(host.uniform() * bits)};
}

/// One try to subscribe.
class subscribe_call final : public server_call {
public:
  struct identity {
    std::string id;
    std::string traceparent;
    time_point deadline;
  };

  subscribe_call(api::call call, identity who,
                 std::function<void(const core::outcome&)> done)
    : call_(std::move(call)), who_(std::move(who)), done_(std::move(done)) {}

  // One that goes away unanswered tells nobody: its connector is at its end,
  // and the next one subscribes anew.

  [[nodiscard]] http::client_request request() const override {
    return to_request(call_);
  }

  [[nodiscard]] api::operation operation() const noexcept override {
    return call_.what;
  }

  [[nodiscard]] std::string_view id() const noexcept override {
    return who_.id;
  }

  [[nodiscard]] std::string_view traceparent() const noexcept override {
    return who_.traceparent;
  }

  [[nodiscard]] time_point deadline() const noexcept override {
    return who_.deadline;
  }

  [[nodiscard]] bool repeatable() const noexcept override {
    return call_.repeatable;
  }

  /// There are no more of them than the configuration names, and what room
  /// there is was promised to events.
  [[nodiscard]] std::size_t weight() const noexcept override {
    return 0;
  }

  void finish(core::outcome result, const http::client_response*) override {
    done_(result);
  }

private:
  api::call call_;
  identity who_;
  std::function<void(const core::outcome&)> done_;
};

} // namespace

subscriptions::subscriptions(subscriptions_deps deps, caller_host& host)
  : deps_(std::move(deps)), host_(host), random_(engine(host)) {
  for (const auto& each : deps_.all)
    entries_.push_back({each, core::renewal{each->what.renew}});
}

void subscriptions::open() {
  if (std::exchange(open_, true))
    return;
  for (std::uint64_t number = 0; number < entries_.size(); ++number)
    subscribe(number);
}

void subscriptions::subscribe(std::uint64_t number) {
  const auto& what = entries_[number].status->what;
  auto call = api::make_subscribe_call(
      deps_.server.paths,
      {.event = what.event, .callback_url = what.callback_url});
  const auto done = [this, number](const core::outcome& outcome) {
    ended(number, outcome);
  };
  if (!call) // which a checked configuration does not lead to
    return done(core::refused(core::errc::internal_error,
                              std::move(call.error().message)));
  const auto unix_time =
      duration_cast<milliseconds>(host_.wall_now().time_since_epoch());
  const auto high = random_();
  // A new id each time: one that a server knows may get the old answer.
  auto id = core::uuid_v7(unix_time, high, random_());
  const auto span = random_();
  const auto trace_high = random_();
  deps_.call(std::make_unique<subscribe_call>(
      *std::move(call),
      subscribe_call::identity{
          .id = std::move(id),
          .traceparent =
              core::make_traceparent({}, span, trace_high, random_()),
          .deadline = host_.now() + deps_.server.request_timeout},
      done));
}

void subscriptions::ended(std::uint64_t number, const core::outcome& outcome) {
  auto& one = entries_[number];
  milliseconds wait{0};
  if (outcome.delivered()) {
    succeeded(one);
    wait = one.renewal.succeeded();
  } else {
    failed(one, outcome);
    wait = one.renewal.failed(host_.uniform(), outcome.retry_after);
  }
  deps_.subscribe_after(wait, number);
}

void subscriptions::succeeded(entry& one) {
  const auto& what = one.status->what;
  // When the renewal must have been answered, or failed.
  const auto until = what.renew + 2 * deps_.server.request_timeout;
  const auto now = host_.now();
  const bool news = one.status->subscribed(now, now + until);
  const auto write = news ? &telemetry::log::info : &telemetry::log::debug;
  (*deps_.log.*write)("subscribed", {{"server", what.server},
                                     {"event", what.event},
                                     {"endpoint", what.endpoint}});
}

/// The first failure is told, and those that follow are not: /health has the
/// last one.
void subscriptions::failed(entry& one, const core::outcome& outcome) {
  const auto& what = one.status->what;
  const auto slug = core::describe(*outcome.error).slug;
  const auto reason =
      outcome.detail.empty() ? std::string{slug} : outcome.detail;
  const bool news = one.status->failed(reason);
  const auto write = news ? &telemetry::log::warn : &telemetry::log::debug;
  (*deps_.log.*write)("not subscribed", {{"server", what.server},
                                         {"event", what.event},
                                         {"endpoint", what.endpoint},
                                         {"reason", slug},
                                         {"detail", reason}});
}

} // namespace mfo::actors
