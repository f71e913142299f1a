#pragma once

#include "http/connection_guard.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

/// A guard without a socket: a test feeds it bytes.
namespace mfo::http::tests {

using namespace std::chrono_literals;
using core::errc;
using ruling = connection_guard::ruling;
using part = connection_guard::phase::part;

struct a_guard : testing::Test {
  a_guard() {
    shared->limits.max_header = 1024;
    shared->limits.max_body = 1000;
    shared->limits.max_connections = 2;
    shared->limits.header_timeout = 1s;
    shared->limits.body_timeout = 2s;
    shared->limits.idle_timeout = 3s;
    shared->admission = admission;
    shared->refuse = [this](const guard_refusal& one) {
      told_of = one.peer;
      detail = one.detail;
      refused.push_back(std::string{core::describe(one.code).slug} + " " +
                        std::string{one.path});
      return "the answer to " + refused.back();
    };
    guard = from("192.0.2.1");
  }

  [[nodiscard]] std::unique_ptr<connection_guard>
  from(std::string_view peer) const {
    return std::make_unique<connection_guard>(
        shared, config::ip_address::parse(peer).value());
  }

  /// What the socket does when `bytes` come: passes on whatever it may. Each
  /// element of `passed` is what one read of RESTinio's gives.
  ruling receive(std::string_view bytes) {
    for (;;) {
      const auto size = std::min(bytes.size(), buffer.size());
      std::copy_n(bytes.begin(), size, buffer.begin());
      bytes.remove_prefix(size);
      auto now = guard->received(buffer, size);
      while (take(now))
        now = guard->next(buffer);
      if (now.what == ruling::refuse || bytes.empty())
        return now.what;
    }
  }

  bool take(connection_guard::decision now) {
    if (now.what != ruling::pass_on && now.what != ruling::send_continue)
      return false;
    EXPECT_LE(now.size, buffer.size());
    EXPECT_GT(now.size, 0u);
    continues += now.what == ruling::send_continue ? 1 : 0;
    passed.emplace_back(buffer.data(), now.size);
    return true;
  }

  std::string all_passed() const {
    std::string all;
    for (const auto& each : passed)
      all += each;
    return all;
  }

  std::shared_ptr<core::admission> admission =
      std::make_shared<core::admission>(10, 1'500);
  std::shared_ptr<guard_shared> shared = std::make_shared<guard_shared>();
  std::unique_ptr<connection_guard> guard;
  std::string buffer = std::string(4096, '\0');
  std::vector<std::string> passed;
  std::vector<std::string> refused;
  std::optional<config::ip_address> told_of;
  std::string detail; ///< of the last refusal
  int continues = 0;
};

inline std::string head(std::string_view fields) {
  return "POST /hook HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n";
}

inline const std::string request = head("Content-Length: 5\r\n") + "hello";

} // namespace mfo::http::tests
