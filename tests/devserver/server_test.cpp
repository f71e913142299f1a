#include "tests/devserver/fixture.hpp"

#include <chrono>

namespace mfo::devserver {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class a_server : public running_server {};

TEST_F(a_server, says_that_a_port_is_taken) {
  server second({.port = one->port()});
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error(), HasSubstr("in use"));
}

TEST_F(a_server, stays_on_loopback_unless_told_otherwise) {
  for (const auto* host : {"0.0.0.0", "::", "192.0.2.1"}) {
    const auto started = server({.host = host}).start();
    ASSERT_FALSE(started) << host;
    EXPECT_THAT(started.error(), HasSubstr("loopback"));
  }
  EXPECT_TRUE(server({.host = "0.0.0.0", .allow_remote = true}).start());
  EXPECT_TRUE(server({.host = "localhost"}).start());
  EXPECT_FALSE(server({.host = "example.org"}).start());
}

TEST_F(a_server, stops_at_once_whatever_its_connections_do) {
  set_faults(R"({"silent":true})");
  raw_client silent(one->port());
  silent.write("GET /info HTTP/1.1\r\nHost: t\r\n\r\n");
  raw_client idle(one->port());
  raw_client half(one->port());
  half.write("POST /api/events HTTP/1.1\r\nContent-Le");
  const auto begun = std::chrono::steady_clock::now();
  one->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2));
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_TRUE(silent.closed());
  EXPECT_EQ(half.read_all(), "");
  EXPECT_TRUE(half.closed());
  one->stop();
}

TEST_F(a_server, keeps_what_it_recorded_over_a_restart) {
  ask("POST", "/api/events", "{}");
  one->stop();
  ASSERT_TRUE(one->start());
  EXPECT_EQ(ask("POST", "/api/events", "{}").status, 202);
  EXPECT_EQ(one->count(), 2u);
}

TEST_F(a_server, takes_a_port_again_that_it_served_connections_on) {
  const auto port = one->port();
  ask("GET", "/info");
  one->stop();
  run({.port = port});
  EXPECT_EQ(one->port(), port);
  EXPECT_EQ(ask("GET", "/info").status, 200);
}

TEST_F(a_server, dates_its_replies) {
  EXPECT_THAT(ask("GET", "/info").header("date"), EndsWith(" GMT"));
}

TEST_F(a_server, tells_its_url) {
  EXPECT_EQ(one->url(), "http://127.0.0.1:" + std::to_string(one->port()));
}

} // namespace
} // namespace mfo::devserver
