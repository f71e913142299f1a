// What a server_caller costs that refuses calls, since the circuit of its
// server is open: from `accept` to the call's answer, with the system's clocks
// and a real outcome, the call itself included. docs/benchmarks.md has the
// bound.

#include "actors/server_caller.hpp"
#include "api/operation.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace mfo;
using namespace std::chrono_literals;

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

/// Keeps what is sent for the benchmark to answer, and never wakes anybody.
class idle_host final : public actors::caller_host {
public:
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

actors::caller_deps deps() {
  config::server_settings server;
  server.url = "http://mfo.example.com";
  server.max_in_flight = 64;
  server.max_waiting = 1024;
  server.breaker.open_for = 1h;
  return {
      .server = server,
      .auth = std::make_unique<no_auth>(),
      .report = {
          .health = std::make_shared<telemetry::upstream_health>(),
          .status = std::make_shared<telemetry::server_status>("default", 0),
          .observer = {
              std::make_shared<telemetry::metrics>(
                  std::vector<std::string>{},
                  telemetry::upstream_names{{"default"},
                                            {api::operation_names.begin(),
                                             api::operation_names.end()}}),
              std::make_shared<telemetry::log>(config::log_settings{},
                                               [](std::string_view) {})}}};
}

void call(actors::server_caller& caller, std::optional<core::outcome>& result) {
  caller.accept(std::make_unique<short_call>(
      std::chrono::steady_clock::now() + 10s, result));
}

/// By as many failures as it takes.
void open_circuit(actors::server_caller& caller, idle_host& host) {
  std::optional<core::outcome> result;
  for (int i = 0; i < 5; ++i) {
    call(caller, result);
    caller.replied(host.sent.at(static_cast<std::size_t>(i)),
                   http::client_response{500, {}, "{}"});
  }
}

void refuse_while_the_circuit_is_open(benchmark::State& state) {
  idle_host host;
  actors::server_caller caller(deps(), host);
  open_circuit(caller, host);
  const auto sent = host.sent.size();
  std::optional<core::outcome> result;
  for (auto _ : state) {
    result.reset();
    call(caller, result);
    if (!result || result->error != core::errc::circuit_open) {
      state.SkipWithError("the call was not refused");
      break;
    }
    benchmark::DoNotOptimize(result);
  }
  if (host.sent.size() != sent)
    state.SkipWithError("a call went to the server");
}
BENCHMARK(refuse_while_the_circuit_is_open);

} // namespace
