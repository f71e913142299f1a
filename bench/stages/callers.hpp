#pragma once

#include "actors/server_call.hpp"
#include "actors/server_caller.hpp"
#include "bench/stages/fixtures.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

/// A server_caller without a server.
namespace mfo::bench {

/// Of an endpoint with `ack: completed`, whose sender waits.
class short_call final : public actors::server_call {
public:
  short_call(time_point deadline, std::optional<core::outcome>& result)
    : deadline_(deadline), result_(result) {}

  http::client_request request() const override {
    http::client_request request;
    request.target = "/api/events";
    return request;
  }

  api::operation operation() const noexcept override {
    return api::operation::event;
  }

  std::string_view id() const noexcept override {
    return "01a20d22-033d-70b7-b2f7-cc566bf3b782";
  }

  std::string_view traceparent() const noexcept override {
    return "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  }

  time_point deadline() const noexcept override {
    return deadline_;
  }

  void finish(core::outcome result, const http::client_response*) override {
    result_ = std::move(result);
  }

private:
  time_point deadline_;
  std::optional<core::outcome>& result_;
};

class no_auth final : public api::auth_provider {
public:
  std::optional<credentials_set> credentials(time) override {
    return credentials_set{};
  }

  bool refused(std::uint64_t, time) override {
    return false;
  }
};

/// Keeps what is sent for its owner to answer, and never wakes anybody.
class idle_host : public actors::caller_host {
public:
  virtual ~idle_host() = default;

  steady_time now() override {
    return std::chrono::steady_clock::now();
  }

  wall_time wall_now() override {
    return std::chrono::system_clock::now();
  }

  double uniform() override {
    return 0.5;
  }

  void send(http::client_request, std::uint64_t number) override {
    sent.push_back(number);
  }

  void abort(std::uint64_t) override {}
  void log_in(http::client_request) override {}
  void retry_after(std::chrono::milliseconds, std::uint64_t) override {}
  void wake_after(std::chrono::milliseconds, std::uint64_t) override {}

  std::vector<std::uint64_t> sent;
};

[[nodiscard]] inline config::server_settings a_server() {
  config::server_settings server;
  server.name = "default";
  server.url = "http://mfo.example.com";
  server.max_in_flight = 64;
  server.max_waiting = 1024;
  server.breaker.open_for = std::chrono::hours{1};
  return server;
}

[[nodiscard]] inline actors::report_targets report_targets() {
  return {.health = std::make_shared<telemetry::upstream_health>(),
          .status = std::make_shared<telemetry::server_status>("default", 0),
          .observer = an_observer()};
}

[[nodiscard]] inline actors::caller_deps caller_deps() {
  return {.server = a_server(),
          .auth = std::make_unique<no_auth>(),
          .report = report_targets()};
}

} // namespace mfo::bench
