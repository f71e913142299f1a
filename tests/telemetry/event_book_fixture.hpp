#pragma once

#include "core/envelope.hpp"
#include "telemetry/event_book.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::telemetry {

/// A book of three events, and what comes into it.
struct an_event_book : testing::Test {
  using seconds = std::chrono::seconds;
  using milliseconds = std::chrono::milliseconds;

  core::event_ptr make(std::string id, std::string_view delivery = {},
                       std::string_view source = "192.0.2.7",
                       std::string_view trace = {}) {
    auto settings = std::make_shared<config::endpoint_settings>();
    settings->id = "orders";
    settings->event_type = "order.paid";
    settings->lifetime = seconds{10};
    auto client = config::ip_address::parse(source);
    return core::make_event(
        {.id = id,
         .payload = R"({"a":1})",
         .delivery_id = delivery,
         .traceparent = trace,
         .client = client ? *client : config::ip_address{}},
        std::move(settings),
        {.node_name = "node-1",
         .depths = std::make_shared<core::stage_depths>(),
         .random = [] { return std::uint64_t{1}; },
         .generation =
             std::make_shared<const core::generation>(core::generation{3})},
        {unix_time += seconds{1}, at += seconds{1}});
  }

  /// An event that has ended.
  void add(const std::string& id, const core::outcome& how = {}) {
    auto entry = book.begin(make(id));
    entry.end({.outcome = how, .at = at + milliseconds{5}});
  }

  void add_stranger(const std::string& id, core::errc why) {
    book.refused({.id = id,
                  .endpoint = "none",
                  .received = at += seconds{1},
                  .received_unix = unix_time += seconds{1},
                  .state = event_state::refused,
                  .reason = why,
                  .ended = milliseconds{0}});
  }

  std::vector<std::string> ids(const event_book::filter& which = {}) const {
    std::vector<std::string> all;
    for (const auto& each : book.list(which))
      all.push_back(each->id);
    return all;
  }

  event_record only(const std::string& id) const {
    const auto found = book.find(id);
    EXPECT_THAT(found, testing::SizeIs(1)) << id;
    return found.empty() ? event_record{.id = ""} : *found.front();
  }

  milliseconds unix_time{1'000'000};
  std::chrono::steady_clock::time_point at{std::chrono::hours{1}};
  event_book book{{.keep = 3}};
};

} // namespace mfo::telemetry
