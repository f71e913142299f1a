#pragma once

#include "outbound/http_caller.hpp"
#include "tests/support/http_script_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::outbound {

using namespace std::chrono_literals;
using test::always;
using test::reply_of;
using test::script_server;
using test::server_peer;
using strings = std::vector<std::string>;

/// What names resolve to, one answer after the other; the last one stays.
class fake_names {
public:
  void set(const std::string& host, std::vector<strings> answers) {
    const std::lock_guard guard{mutex_};
    answers_[host] = std::move(answers);
  }

  [[nodiscard]] int asked() const {
    const std::lock_guard guard{mutex_};
    return asked_;
  }

  http::name_lookup lookup() {
    return [this](const std::string& host, const http::address_callback& done) {
      const std::lock_guard guard{mutex_};
      ++asked_;
      const auto found = answers_.find(host);
      if (found == answers_.end())
        return done(tl::unexpected(std::string{"no such name"}));
      http::address_list addresses;
      for (const auto& each : found->second.front())
        addresses.push_back(config::ip_address::parse(each).value());
      if (found->second.size() > 1)
        found->second.erase(found->second.begin());
      done(std::move(addresses));
    };
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<strings>> answers_;
  int asked_ = 0;
};

/// Allows these hosts, and private addresses in these networks.
inline config::http_call_settings
allowing(const strings& hosts, const strings& networks = {"127.0.0.0/8"}) {
  config::http_call_settings settings;
  for (const auto& each : hosts)
    settings.allow.push_back(config::host_rule::parse(each).value());
  for (const auto& each : networks)
    settings.private_networks.push_back(
        config::ip_network::parse(each).value());
  return settings;
}

inline taskflow::http_request_call get(std::string url) {
  return {.method = "GET",
          .url = std::move(url),
          .headers = {},
          .body = {},
          .content_type = {},
          .accept_statuses = {}};
}

/// An I/O context with a thread of its own, and a caller on it.
class caller_world {
public:
  explicit caller_world(const config::http_call_settings& settings)
    : thread_([this] { io_.run(); }) {
    auto made = make_http_caller(io_, settings, names_.lookup());
    if (!made)
      ADD_FAILURE() << made.error();
    else
      caller_ = *made;
  }

  caller_world(const caller_world&) = delete;
  caller_world& operator=(const caller_world&) = delete;

  /// Waits for what is outstanding.
  ~caller_world() {
    caller_.reset();
    work_.reset();
    thread_.join();
  }

  fake_names& names() {
    return names_;
  }

  http_caller& caller() {
    return *caller_;
  }

  /// No caller any more.
  void drop_caller() {
    caller_.reset();
  }

  struct sent {
    std::future<taskflow::call_result> answer;
    call_handle handle;
  };

  sent send(taskflow::http_request_call call,
            std::chrono::milliseconds within = 30s) {
    auto promise = std::make_shared<std::promise<taskflow::call_result>>();
    auto answer = promise->get_future();
    auto handle = caller_->send(std::move(call),
                                std::chrono::steady_clock::now() + within,
                                [promise](taskflow::call_result result) {
                                  promise->set_value(std::move(result));
                                });
    return {std::move(answer), std::move(handle)};
  }

  taskflow::call_result ask(taskflow::http_request_call call,
                            std::chrono::milliseconds within = 30s) {
    auto answer = send(std::move(call), within).answer;
    return await(answer);
  }

  /// Far over what any test needs, so that a lost answer fails and not hangs.
  static taskflow::call_result
  await(std::future<taskflow::call_result>& answer) {
    if (answer.wait_for(30s) != std::future_status::ready)
      return tl::unexpected(
          taskflow::call_failure{.code = "never answered", .message = {}});
    return answer.get();
  }

private:
  fake_names names_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{io_.get_executor()};
  std::shared_ptr<http_caller> caller_;
  std::thread thread_;
};

/// Polls until `condition` holds; false after a generous deadline.
template <class Condition>
bool eventually(Condition&& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::yield();
  }
  return true;
}

inline std::string on_port(const std::string& host, std::uint16_t port,
                           const std::string& target = "/") {
  return "http://" + host + ":" + std::to_string(port) + target;
}

/// Matches a result whose body is this.
MATCHER_P(has_body, body, "") {
  if (!arg)
    *result_listener << arg.error().code << ": " << arg.error().message;
  return arg && (**arg)["body"] == body;
}

/// Matches a failure with this code.
MATCHER_P(fails_with, code, "") {
  if (!arg)
    *result_listener << arg.error().code << ": " << arg.error().message;
  return !arg && arg.error().code == code;
}

} // namespace mfo::outbound
