#include "node/http_calls.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace mfo::node {

namespace {

using namespace std::chrono_literals;

config::http_call_settings allowing(const std::string& host) {
  config::http_call_settings settings;
  settings.allow = {config::host_rule::parse(host).value()};
  return settings;
}

TEST(the_calls_of_a_node, are_answered_before_they_stop_and_never_after) {
  std::promise<void> asked;
  // A name server that never answers.
  auto calls =
      http_calls::open(allowing("a.example"),
                       [&](const std::string&, const http::address_callback&) {
                         asked.set_value();
                       });
  ASSERT_TRUE(calls) << calls.error();
  std::string code;
  std::thread::id where;
  taskflow::http_request_call call;
  call.method = "GET";
  call.url = "https://a.example/";
  (*calls)->caller()->send(call, std::chrono::steady_clock::now() + 60s,
                           [&](const taskflow::call_result& result) {
                             code = result ? "ok" : result.error().code;
                             where = std::this_thread::get_id();
                           });
  ASSERT_EQ(asked.get_future().wait_for(30s), std::future_status::ready);
  (*calls)->stop();
  EXPECT_EQ(code, "closed");
  EXPECT_NE(where, std::this_thread::get_id());
  (*calls)->stop();
  // Whoever calls now is let go with the rest, on whatever thread that is.
  bool answered = false;
  (*calls)->caller()->send(call, std::chrono::steady_clock::now() + 60s,
                           [&](const auto&) { answered = true; });
  EXPECT_FALSE(answered);
  calls->reset();
  EXPECT_TRUE(answered);
}

TEST(the_calls_of_a_node, may_go_before_those_who_call) {
  auto calls = http_calls::open(allowing("a.example"));
  ASSERT_TRUE(calls) << calls.error();
  auto caller = (*calls)->caller();
  calls->reset();
  taskflow::http_request_call call;
  call.url = "https://a.example/";
  std::string code;
  caller->send(call, std::chrono::steady_clock::now() + 60s,
               [&](const taskflow::call_result& result) {
                 code = result ? "ok" : result.error().code;
               });
  caller.reset();
  EXPECT_EQ(code, "closed");
}

TEST(the_calls_of_a_node, need_a_good_ca_file) {
  auto settings = allowing("a.example");
  settings.ca_file = "no/such/file.pem";
  const auto calls = http_calls::open(settings);
  ASSERT_FALSE(calls);
  EXPECT_THAT(calls.error(), testing::HasSubstr("no/such/file.pem"));
}

} // namespace

} // namespace mfo::node
