#include "tests/integration/fixture.hpp"

namespace mfo::integration {
namespace {

using nlohmann::json;

/// Who may knock at the door of the real program, and how often.
class access : public running_node {
protected:
  /// One endpoint with more keys, and more keys of the node.
  void start_access(const std::string& endpoint, const std::string& node_keys) {
    start_with(node_keys +
               "endpoints:\n"
               "  - id: webhook\n"
               "    path: /webhook\n"
               "    signature: {scheme: hmac, secret: " +
               std::string{secret} + "}\n" + endpoint);
  }

  /// Posts as a proxy for `client` does.
  answer post_for(const std::string& client,
                  const std::string& field = "X-Forwarded-For") {
    return post("{}", {{field, client}});
  }

  /// The line about the last refusal that was waited for.
  std::string source_of(const answer& refused) {
    const auto line = node->wait_for_line(event_id(refused));
    return line ? json::parse(*line).value("source", "none") : "no line";
  }
};

TEST_F(access, is_for_those_that_the_endpoint_knows) {
  start_access("    allow_from: [192.0.2.0/24]\n", "");
  const auto got = post("{}");
  expect_problem(got, 403, "source_not_allowed");
  EXPECT_EQ(source_of(got), "127.0.0.1");
  EXPECT_EQ(got.header("retry-after"), "");
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(access, is_not_had_by_a_header_when_no_proxy_is_trusted) {
  start_access("    allow_from: [192.0.2.0/24]\n", "");
  expect_problem(post_for("192.0.2.1"), 403, "source_not_allowed");
  expect_problem(post_for("for=192.0.2.1", "Forwarded"), 403,
                 "source_not_allowed");
}

TEST_F(access, is_judged_by_whom_a_trusted_proxy_asks_for) {
  start_access("    allow_from: [192.0.2.0/24]\n",
               "trusted_proxies: [127.0.0.0/8]\n");
  EXPECT_EQ(post_for("192.0.2.1").status, 202);
  EXPECT_EQ(post_for("203.0.113.9, 192.0.2.1, 127.0.0.2").status, 202);
  const auto got = post_for("192.0.2.1, 203.0.113.9");
  expect_problem(got, 403, "source_not_allowed");
  EXPECT_EQ(source_of(got), "203.0.113.9");
  expect_problem(post_for("for=192.0.2.1", "Forwarded"), 403,
                 "source_not_allowed");
  expect_problem(post_for("192.0.2.1, unknown"), 403, "source_not_allowed");
}

TEST_F(access, may_be_judged_by_the_standard_field) {
  start_access("    allow_from: ['2001:db8::/32']\n",
               "trusted_proxies: [127.0.0.1]\nforwarded_header: forwarded\n");
  EXPECT_EQ(post_for(R"(for=192.0.2.1, for="[2001:db8::1]:80";proto=https)",
                     "Forwarded")
                .status,
            202);
  expect_problem(post_for("2001:db8::1"), 403, "source_not_allowed");
}

TEST_F(access, ends_for_a_while_when_there_is_too_much) {
  start_access("    rate_limit: {per_second: 0.1, burst: 2}\n", "");
  EXPECT_EQ(post("{}").status, 202);
  EXPECT_EQ(post("{}").status, 202);
  const auto got = post("{}");
  expect_problem(got, 429, "rate_limited");
  const auto wait = std::stoi(got.header("retry-after"));
  EXPECT_GE(wait, 5);
  EXPECT_LE(wait, 10);
  EXPECT_EQ(server->count(), 2u);
}

TEST_F(access, ends_for_one_address_and_not_for_another) {
  start_access("    rate_limit_per_address: {per_second: 0.01, burst: 1}\n",
               "trusted_proxies: [127.0.0.1]\n");
  EXPECT_EQ(post_for("192.0.2.1").status, 202);
  const auto got = post_for("192.0.2.1");
  expect_problem(got, 429, "rate_limited");
  EXPECT_EQ(source_of(got), "192.0.2.1");
  EXPECT_GT(std::stoi(got.header("retry-after")), 50);
  EXPECT_EQ(post_for("192.0.2.2").status, 202);
}

TEST_F(access, is_had_by_so_many_connections_of_one_address) {
  start_access("", "limits: {max_connections_per_address: 2}\n");
  {
    raw_client first{port};
    raw_client second{port};
    EXPECT_EQ(first.ask("GET", "/webhook").status, 405);
    EXPECT_EQ(second.ask("GET", "/webhook").status, 405);
    raw_client third{port};
    const auto got = third.ask("GET", "/webhook");
    expect_problem(got, 429, "too_many_connections");
    EXPECT_EQ(got.header("connection"), "close");
    EXPECT_EQ(got.header("retry-after"), "1");
    EXPECT_EQ(source_of(got), "127.0.0.1");
    EXPECT_EQ(first.ask("GET", "/webhook").status, 405);
  }
  EXPECT_TRUE(wait_until([&] { return post("{}").status == 202; }));
}

TEST_F(access, is_had_by_any_number_of_connections_of_a_trusted_proxy) {
  start_access("", "limits: {max_connections_per_address: 1}\n"
                   "trusted_proxies: [127.0.0.1]\n");
  raw_client first{port};
  raw_client second{port};
  EXPECT_EQ(first.ask("GET", "/webhook").status, 405);
  EXPECT_EQ(second.ask("GET", "/webhook").status, 405);
}

} // namespace
} // namespace mfo::integration
