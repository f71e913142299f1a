#pragma once

#include "http/admin.hpp"
#include "tests/devserver/raw_client.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

inline const devserver::field_list as_json{
    {"Host", "localhost"}, {"Content-Type", "application/json"}};

struct an_admin_with_taskflows : testing::Test {
  an_admin_with_taskflows() {
    open();
  }

  void open(const config::admin_settings& access = {}) {
    door.reset();
    auto opened = admin::open(
        {"127.0.0.1", 0},
        {.state = std::make_shared<node_state>(),
         .observer = {std::make_shared<telemetry::metrics>(
                          std::vector<std::string>{},
                          telemetry::upstream_names{}),
                      std::make_shared<telemetry::log>(
                          config::log_settings{},
                          [this](std::string_view line) {
                            const std::lock_guard lock{mutex};
                            lines.emplace_back(line);
                          })},
         .node_name = "node-1",
         .access = access,
         .checks = [] { return std::vector<health_check>{}; },
         .tasks = {
             .runs = book,
             .questions = desk,
             .start =
                 [this](manual_start what, task_control::begun_function begun,
                        task_control::ended_function ended) {
                   engine(std::move(what), std::move(begun), std::move(ended));
                 },
             .cancel =
                 [this](const std::string& run) {
                   const std::lock_guard lock{mutex};
                   cancelled.push_back(run);
                 }}});
    ASSERT_TRUE(opened) << opened.error();
    door = std::move(*opened);
  }

  devserver::answer ask(std::string_view method, std::string_view target,
                        std::string_view body = {},
                        const devserver::field_list& fields = as_json) const {
    return devserver::ask(door->port(), method, target, body, fields);
  }

  nlohmann::json get(std::string_view target) const {
    const auto answer = ask("GET", target);
    EXPECT_EQ(answer.status, 200) << target << " " << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    return nlohmann::json::parse(answer.body);
  }

  telemetry::run_entry begin(std::string id, std::string taskflow = "main") {
    return book->begin(
        {std::move(id), "intake", std::move(taskflow), "gh", "event-1"},
        std::chrono::milliseconds{1'000}, at);
  }

  std::vector<std::string> ids(const std::string& target) const {
    std::vector<std::string> all;
    const auto reply = get(target);
    for (const auto& each : reply["runs"])
      all.push_back(each["id"]);
    return all;
  }

  std::string all_lines() {
    const std::lock_guard lock{mutex};
    std::string all;
    for (const auto& each : lines)
      all += each + '\n';
    return all;
  }

  const std::chrono::steady_clock::time_point at{std::chrono::hours{1}};
  std::mutex mutex;
  std::vector<std::string> lines; ///< guarded by mutex, as the next
  std::vector<std::string> cancelled;
  std::function<void(manual_start, task_control::begun_function,
                     task_control::ended_function)>
      engine; ///< set before the first request alone
  std::shared_ptr<telemetry::run_book> book =
      std::make_shared<telemetry::run_book>();
  std::shared_ptr<core::question_desk> desk =
      std::make_shared<core::question_desk>([last = std::uint8_t{0}]() mutable {
        return std::array<std::uint8_t, 16>{++last};
      });
  std::unique_ptr<admin> door;
};

} // namespace mfo::http
