// A node moves to other addresses while it runs.

#include "tests/integration/reload_fixture.hpp"

namespace mfo::integration {

namespace {

using a_reload_of_addresses = a_reload;

TEST_F(a_reload_of_addresses, has_the_node_listen_elsewhere) {
  start_with(endpoint());
  raw_client open{port};
  open.write(signed_request("{\"n\":1}"));
  EXPECT_EQ(open.read().status, 202);
  const auto former = port;
  {
    const support::reserved_port next;
    listen = fmt::format("127.0.0.1:{}", next.number());
    port = next.number();
    reload_with(endpoint());
  }
  EXPECT_EQ(post("{\"n\":2}").status, 202);
  open.write(signed_request("{\"n\":3}"));
  EXPECT_EQ(open.read().status, 202) << "who is connected stays so";
  EXPECT_TRUE(
      wait_until([&] { return !support::accepts_connections(former); }));
  EXPECT_EQ(server->events().size(), 3u);
}

TEST_F(a_reload_of_addresses, has_the_node_listen_on_more_of_the_same_port) {
  const support::reserved_port its_port;
  listen = fmt::format("127.0.0.1:{}", its_port.number());
  start_with(endpoint());
  raw_client open{port};
  open.write(signed_request("{\"n\":1}"));
  EXPECT_EQ(open.read().status, 202);
  listen = fmt::format("0.0.0.0:{}", its_port.number());
  reload_with(endpoint());
  EXPECT_EQ(post("{\"n\":2}").status, 202);
  open.write(signed_request("{\"n\":3}"));
  EXPECT_EQ(open.read().status, 202);
  listen = fmt::format("127.0.0.1:{}", its_port.number());
  reload_with(endpoint());
  EXPECT_EQ(post("{\"n\":4}").status, 202);
  open.write(signed_request("{\"n\":5}"));
  EXPECT_EQ(open.read().status, 202);
  EXPECT_EQ(server->events().size(), 5u);
}

TEST_F(a_reload_of_addresses, has_the_admin_listener_elsewhere) {
  start_with(endpoint());
  const auto former = admin_port;
  const support::reserved_port next;
  admin_listen = fmt::format("127.0.0.1:{}", next.number());
  reload_with(endpoint());
  admin_port = next.number();
  EXPECT_EQ(ask_admin("GET", "/health/ready").status, 200);
  EXPECT_TRUE(
      wait_until([&] { return !support::accepts_connections(former); }));
  EXPECT_EQ(post("{}").status, 202);
}

} // namespace

} // namespace mfo::integration
