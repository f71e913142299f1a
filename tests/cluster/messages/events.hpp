#pragma once

#include "core/event.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace mfo::cluster::test {

inline std::shared_ptr<const config::endpoint_settings> the_endpoint() {
  auto settings = std::make_shared<config::endpoint_settings>();
  settings->id = "orders";
  return settings;
}

/// One that has something in every part; received 2 s before `now`, with 8 s
/// left.
inline std::shared_ptr<core::event>
sample_event(std::chrono::steady_clock::time_point now) {
  using namespace std::chrono_literals;
  auto ev = std::make_shared<core::event>();
  ev->id = "01a2204a-2be6-7c02-bf96-345f0a5e3e6e";
  ev->endpoint = the_endpoint();
  ev->named_by_sender = true;
  ev->proven = true;
  ev->own_type = "order.paid";
  ev->own_source = "shop/1";
  ev->hops = 2;
  ev->client = config::ip_address::v4(0xc000'0201U);
  ev->traceparent = core::traceparent_text{
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"};
  ev->tracestate = "congo=t61rcWkgMzE";
  ev->envelope = R"({"id":"x","payload":{"a":1},"metadata":{}})";
  ev->payload_offset = 20;
  ev->payload_size = 7;
  ev->received_at = now - 2s;
  ev->received_unix = 1'764'300'000'123ms;
  ev->deadline = now + 8s;
  return ev;
}

} // namespace mfo::cluster::test
