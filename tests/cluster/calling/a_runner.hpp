#pragma once

#include "tests/cluster/calling/call_nodes.hpp"
#include "tests/cluster/calling/call_samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace mfo::cluster::test {

/// A runner that is no connector, and two nodes that are.
struct a_runner : testing::Test {
  a_runner() {
    all.settle();
  }

  [[nodiscard]] std::chrono::steady_clock::time_point in_a_while() const {
    return all.now + std::chrono::seconds{10};
  }

  void call(std::uint64_t number, const std::string& server = "crm") {
    runner.desk.call(server, a_request(std::to_string(number), in_a_while()),
                     number, all.now);
  }

  void forward(std::uint64_t number) {
    runner.desk.forward("crm", an_event(std::to_string(number), in_a_while()),
                        number, all.now);
  }

  /// A call that may not be made twice.
  void call_once(std::uint64_t number) {
    const auto request = a_request(std::to_string(number), in_a_while());
    request->call.repeatable = false;
    runner.desk.call("crm", request, number, all.now);
  }

  /// Which of the two has something to do; the test fails if none has.
  call_node& busy() {
    EXPECT_EQ(b.runs.empty(), !c.runs.empty());
    return b.runs.empty() ? c : b;
  }

  call_node& other(const call_node& than) {
    return &than == &b ? c : b;
  }

  void expect_rest() {
    for (const auto* node : {&runner, &b, &c}) {
      EXPECT_EQ(node->desk.away(), 0u) << node->life.name;
      EXPECT_EQ(node->desk.running(), 0u) << node->life.name;
      EXPECT_EQ(node->desk.unread_bytes(), 0u) << node->life.name;
      EXPECT_THAT(node->faults, ::testing::IsEmpty()) << node->life.name;
    }
  }

  call_nodes all;
  call_node& runner = all.add("a", {role::runner});
  call_node& b = all.add("b", {role::connector});
  call_node& c = all.add("c", {role::connector, role::runner});
};

} // namespace mfo::cluster::test
