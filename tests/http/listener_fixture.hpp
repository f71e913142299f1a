#pragma once

#include "http/listener.hpp"
#include "tests/devserver/raw_client.hpp"
#include "tests/support/exposition.hpp"
#include "tests/support/run_on.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::http {

using devserver::raw_client;

/// A real listener on loopback with one endpoint, "orders" at /hook. What it
/// admits is finished at once, or as `admit` says.
struct listener_fixture : testing::Test {
  listener_fixture() {
    config::endpoint_settings endpoint;
    endpoint.id = "orders";
    endpoint.path = "/hook";
    endpoint.delivery_id_header = "X-Delivery";
    settings.endpoints = {endpoint};
    settings.listen = {"127.0.0.1", 0};
    settings.limits.max_body = 100'000;
    settings.limits.max_header = 4'096;
    state->advance(node_phase::ready);
  }

  ~listener_fixture() override {
    {
      const std::lock_guard lock{mutex};
      held.clear();
    }
    if (door && thread.joinable())
      support::run_on(io, [this] { door->close(); });
    work.reset();
    io.stop();
    if (thread.joinable())
      thread.join();
    door.reset();
    EXPECT_EQ(books().in_flight, 0u);
    EXPECT_EQ(books().received, books().delivered + books().refused);
    EXPECT_EQ(admission->events(), 0u);
    EXPECT_EQ(admission->bytes(), 0u);
  }

  listener_deps deps() {
    return {.state = state,
            .admission = admission,
            .rooms = {settings.endpoints.size(), admission},
            .origin = {.node_name = "node",
                       .depths = observer.metrics->depths(),
                       .random =
                           [this] {
                             return ++random;
                           }},
            .services = std::make_shared<const exchange_services>(
                exchange_services{observer}),
            .recording = recording,
            .admit = [this](exchange_ptr one) {
              {
                const std::lock_guard lock{mutex};
                event = one->event();
              }
              admit(std::move(one));
            }};
  }

  void open(std::shared_ptr<listener_tls> tls = nullptr) {
    admission = std::make_shared<core::admission>(
        settings.limits.max_in_flight, settings.limits.max_bytes_in_flight);
    auto needs = deps();
    needs.tls = std::move(tls);
    auto opened = listener::open(io, settings, std::move(needs));
    ASSERT_TRUE(opened) << opened.error();
    door = std::move(*opened);
    thread = std::thread{[this] {
      io.run();
    }};
  }

  /// Events wait until the test finishes them.
  void hold_events() {
    admit = [this](exchange_ptr one) {
      const std::lock_guard lock{mutex};
      held.push_back(std::move(one));
      arrived.notify_all();
    };
  }

  /// The next event that is held; null when none comes within 10 s.
  exchange_ptr take_held() {
    std::unique_lock lock{mutex};
    if (!arrived.wait_for(lock, std::chrono::seconds{10},
                          [this] { return !held.empty(); })) {
      ADD_FAILURE() << "no event came";
      return nullptr;
    }
    auto one = std::move(held.front());
    held.erase(held.begin());
    return one;
  }

  [[nodiscard]] std::uint16_t port() const {
    return door->port();
  }

  devserver::answer ask(std::string_view method, std::string_view target,
                        std::string_view body = {},
                        const devserver::field_list& fields = {}) const {
    return devserver::ask(port(), method, target, body, fields);
  }

  [[nodiscard]] telemetry::ledger::totals books() const {
    return observer.metrics->events()->snapshot();
  }

  [[nodiscard]] double refused(core::errc code, std::string_view endpoint) {
    return support::sum_of(
        observer.metrics->expose(), "mfo_events_refused_total",
        "endpoint=\"" + std::string{endpoint} + "\",reason=\"" +
            std::string{core::describe(code).slug} + "\"");
  }

  core::event_ptr last_event() {
    const std::lock_guard lock{mutex};
    return event;
  }

  std::vector<std::string> lines() {
    const std::lock_guard lock{mutex};
    return logged;
  }

  /// `answer` is a problem with an event id, and is one more in the books.
  void expect_problem(const devserver::answer& answer, core::errc code,
                      std::string_view endpoint) {
    const auto& entry = core::describe(code);
    SCOPED_TRACE(entry.slug);
    EXPECT_EQ(answer.status, entry.status);
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_EQ(answer.header("retry-after"), entry.retry_after ? "1" : "");
    const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
    ASSERT_TRUE(problem.is_object()) << answer.body;
    EXPECT_EQ(problem.value("type", ""),
              "urn:mfo:problem:" + std::string{entry.slug});
    EXPECT_EQ(problem.value("event_id", "").size(), 36u) << answer.body;
    ++problems[{code, std::string{endpoint}}];
    EXPECT_EQ(refused(code, endpoint),
              (problems[{code, std::string{endpoint}}]));
  }

  config::settings settings;
  boost::asio::io_context io{1};
  std::shared_ptr<node_state> state = std::make_shared<node_state>();
  std::shared_ptr<core::admission> admission;
  std::shared_ptr<recorder> recording = std::make_shared<recorder>();
  std::atomic<std::uint64_t> random{0};
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<exchange_ptr> held;  ///< guarded by mutex
  std::vector<std::string> logged; ///< guarded by mutex
  core::event_ptr event;           ///< guarded by mutex
  std::map<std::pair<core::errc, std::string>, int> problems;
  telemetry::observer observer{
      std::make_shared<telemetry::metrics>(std::vector<std::string>{"orders"},
                                           telemetry::upstream_names{}),
      std::make_shared<telemetry::log>(config::log_settings{},
                                       [this](std::string_view line) {
                                         const std::lock_guard lock{mutex};
                                         logged.emplace_back(line);
                                       })};
  std::function<void(exchange_ptr)> admit = [](const exchange_ptr& one) {
    one->finish({});
  };
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      io.get_executor()};
  std::unique_ptr<listener> door;
  std::thread thread;
};

} // namespace mfo::http
