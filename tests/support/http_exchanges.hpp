#pragma once

#include "core/envelope.hpp"
#include "http/exchange.hpp"
#include "telemetry/observer.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// What a test needs to make exchanges without a listener.
namespace mfo::test {

/// Keeps what was sent, and what the books said at that moment.
class recording_responder final : public http::responder {
public:
  struct record {
    std::vector<http::answer> answers;
    std::vector<telemetry::ledger::totals> books;
    bool waits = false; ///< for the end
  };

  recording_responder(std::shared_ptr<record> to,
                      std::shared_ptr<const telemetry::ledger> book)
    : to_(std::move(to)), book_(std::move(book)) {}

  void send(http::answer value) noexcept override {
    to_->answers.push_back(std::move(value));
    to_->books.push_back(book_->snapshot());
  }

  [[nodiscard]] bool waits_for_the_end() const noexcept override {
    return to_->waits;
  }

private:
  std::shared_ptr<record> to_;
  std::shared_ptr<const telemetry::ledger> book_;
};

/// Keeps what it is given.
struct keeping_office final : http::dead_letter_office {
  void take(http::undelivered what) noexcept override {
    taken.push_back(std::move(what));
  }

  std::vector<http::undelivered> taken;
};

/// One endpoint, "orders", which is 1 in the ledger, and what is logged.
struct exchange_maker {
  http::exchange_ptr make(std::string_view payload = "{}",
                          std::string_view delivery_id = {}) {
    auto ev = core::make_event(
        {.payload = payload,
         .delivery_id = delivery_id,
         .traceparent = traceparent,
         .tracestate = tracestate,
         .client = client},
        endpoint,
        {.node_name = "node",
         .depths = observer.metrics->depths(),
         .random =
             [this] {
               return ++random;
             }},
        {std::chrono::milliseconds{0}, std::chrono::steady_clock::now()});
    return std::make_shared<http::exchange>(
        std::move(ev), 1,
        std::make_unique<recording_responder>(sent, observer.metrics->events()),
        *admission.admit(payload.size()),
        std::make_shared<const http::exchange_services>(http::exchange_services{
            observer, office,
            remember ? remember : http::remember_in(deliveries), settled}));
  }

  /// From now on its events are `ack: replicated`.
  void replicate() {
    auto settings = *endpoint;
    settings.ack = config::ack_mode::replicated;
    endpoint = std::make_shared<const config::endpoint_settings>(settings);
  }

  std::shared_ptr<const config::endpoint_settings> endpoint = [] {
    config::endpoint_settings settings;
    settings.id = "orders";
    settings.path = "/orders";
    settings.ack = config::ack_mode::received;
    return std::make_shared<const config::endpoint_settings>(settings);
  }();
  std::vector<std::string> lines;
  telemetry::observer observer{
      std::make_shared<telemetry::metrics>(std::vector<std::string>{"orders"},
                                           telemetry::upstream_names{}),
      std::make_shared<telemetry::log>(
          config::log_settings{},
          [this](std::string_view line) { lines.emplace_back(line); })};
  core::admission admission{100, 1'000'000};
  std::shared_ptr<keeping_office> office = std::make_shared<keeping_office>();
  std::shared_ptr<core::delivery_window> deliveries =
      std::make_shared<core::delivery_window>(core::delivery_window::bounds{});
  /// In place of what remembers in `deliveries`.
  std::function<void(const core::event_ptr&, core::delivery_end)> remember{};
  std::function<void(const core::event&)> settled{};
  std::uint64_t random = 0;
  // Of the sender, who says and has none of it at first.
  std::string traceparent{};
  std::string tracestate{};
  config::ip_address client{};
  std::shared_ptr<recording_responder::record> sent =
      std::make_shared<recording_responder::record>();
};

} // namespace mfo::test
