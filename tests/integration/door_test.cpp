#include "tests/integration/fixture.hpp"

namespace mfo::integration {
namespace {

/// What is no event is turned away at the door, each with its own answer.
class door : public running_node {};

TEST_F(door, refuses_what_is_not_json) {
  start();
  for (const auto* body : {"", "{", "{} {}", "{\"a\":01}", "\xff\xfe", "nan"})
    expect_problem(post(body), 400, "malformed_json");
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(door, refuses_other_methods_and_says_which_is_right) {
  start();
  for (const auto* method : {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    const auto got =
        devserver::ask(port, method, "/webhook", "{}", signed_fields("{}"));
    expect_problem(got, 405, "method_not_allowed");
    EXPECT_EQ(got.header("allow"), "POST");
  }
}

TEST_F(door, refuses_other_paths) {
  start();
  for (const auto* path :
       {"/", "/Webhook", "/webhook/", "/webhook/x", "/api/events"})
    expect_problem(
        devserver::ask(port, "POST", path, "{}", signed_fields("{}")), 404,
        "not_found");
}

TEST_F(door, lets_a_query_pass) {
  start();
  EXPECT_EQ(devserver::ask(port, "POST", "/webhook?from=test", "{}",
                           signed_fields("{}"))
                .status,
            202);
}

TEST_F(door, refuses_other_media_types) {
  start();
  for (const auto* type :
       {"text/plain", "application/xml", "multipart/form-data"}) {
    auto fields = signed_fields("{}");
    fields.front().second = type;
    expect_problem(devserver::ask(port, "POST", "/webhook", "{}", fields), 415,
                   "unsupported_media_type");
  }
}

TEST_F(door, answers_what_is_not_http_and_closes) {
  start();
  raw_client sender{port};
  sender.write("this is no HTTP\r\n\r\n");
  const auto got = sender.read();
  expect_problem(got, 400, "malformed_request");
  EXPECT_EQ(got.header("connection"), "close");
}

TEST_F(door, has_no_operators_pages) {
  start();
  for (const auto* path : {"/metrics", "/health", "/health/ready"})
    EXPECT_EQ(devserver::ask(port, "GET", path).status, 404);
}

TEST_F(door, counts_each_refusal_by_its_reason) {
  start();
  post("{");
  devserver::ask(port, "GET", "/webhook");
  devserver::ask(port, "GET", "/");
  const auto now = metrics();
  const auto refused = [&](const std::string& reason) {
    return sum_of(now, "mfo_events_refused_total", "reason=\"" + reason + "\"");
  };
  EXPECT_EQ(refused("malformed_json"), 1);
  EXPECT_EQ(refused("method_not_allowed"), 1);
  EXPECT_EQ(refused("not_found"), 1);
  EXPECT_EQ(sum_of(now, "mfo_events_received_total"), 3);
}

} // namespace
} // namespace mfo::integration
